"""What the commands ask of the services; answers come as plain values."""
