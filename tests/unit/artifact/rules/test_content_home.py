"""Replicas keep bytes in one place, or results are lost."""

from uuid import UUID

from penstockd.artifact.rules.content_home import ContentHome, refusal

KNOWN = ContentHome(id=UUID(int=1), place="a:/srv/content")


def test_the_same_folder_may_be_mounted_anywhere() -> None:
    assert refusal(ContentHome(id=KNOWN.id, place="b:/mnt/content"), KNOWN) == ""


def test_a_folder_of_its_own_is_refused_with_both_places_and_ways_out() -> None:
    refused = refusal(ContentHome(id=UUID(int=2), place="b:/srv/content"), KNOWN)
    assert "a:/srv/content" in refused
    assert "b:/srv/content" in refused
    assert "PENSTOCK_ARTIFACT_CONTENT_FOLDER to it;" in refused
    assert "PENSTOCK_ARTIFACT_REPLACE_CONTENT_FOLDER=true" in refused
