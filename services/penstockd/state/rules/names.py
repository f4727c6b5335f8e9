"""Names of two words for runs that nobody named."""

_FIRST = (
    "amber brisk calm clear cool crisp deep eager early fair fleet fluent gentle glad grand "
    "green keen level light lively lucid mellow mighty mild neat noble open patient plain "
    "proud quick quiet rapid ready rising rocky round silent silver smooth snowy solid spry "
    "steady steep still strong sunny swift tidal upper vivid warm wide winding"
)
_SECOND = (
    "alder bank basin beaver bend bridge brook canal cascade channel cliff conduit cove crane "
    "creek current dam delta dipper eddy falls fern ferry ford fountain gate gauge gorge "
    "gully harbour heron inlet island kingfisher lagoon lake lock marsh meadow mill otter "
    "pebble pool rapids reed reef river salmon shore sluice spring stone stream tide trout "
    "turbine valley weir well willow"
)


def two_words(randomness: int) -> str:
    """Return the name of a random number."""
    first, second = _FIRST.split(), _SECOND.split()
    rest, place = divmod(randomness, len(first))
    return f"{first[place]}-{second[rest % len(second)]}"
