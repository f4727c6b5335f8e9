"""The state service: what runs do, who may write to them, and what has already happened."""
