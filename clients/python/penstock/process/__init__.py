"""What reaches into the user's process: time-outs, frames, prints, entrypoints."""
