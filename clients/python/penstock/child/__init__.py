"""What an executor starts for one flow run: `python -m penstock.child`."""
