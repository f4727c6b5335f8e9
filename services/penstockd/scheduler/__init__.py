"""When and where a run is to happen, and which worker gets it."""
