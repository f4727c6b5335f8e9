"""What everything else stands on: ids, the loop's thread, patience, settings, text."""
