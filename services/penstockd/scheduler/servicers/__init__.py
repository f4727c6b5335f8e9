"""Protobuf in, protobuf out. Nothing is decided here."""
