"""What the messages of all services share, as values and back: one dialect.

`fields` ids and refusals · `times` moments and durations · `payloads` values of the user ·
`messages` bytes and sizes · `pages` lists · `keys` what tokens and cursors hold ·
`intents` requests that are to have one effect · `unsupported` what is not done yet.
"""
