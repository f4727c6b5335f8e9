"""Payloads and references to content, from and to the wire."""

from penstock.api.type.v1 import payload_pb2
from penstockd.artifact.rules.content import ContentRef
from penstockd.artifact.rules.result import Payload


def ref_from_proto(ref: payload_pb2.ContentRef) -> ContentRef:
    return ContentRef(sha256=ref.sha256, size=ref.size)


def ref_to_proto(ref: ContentRef) -> payload_pb2.ContentRef:
    return payload_pb2.ContentRef(sha256=ref.sha256, size=ref.size)


def payload_from_proto(payload: payload_pb2.Payload) -> Payload:
    by_digest = payload.WhichOneof("data") == "content"
    return Payload(
        content_type=payload.content_type,
        data=ref_from_proto(payload.content) if by_digest else payload.inline,
    )


def payload_to_proto(payload: Payload) -> payload_pb2.Payload:
    message = payload_pb2.Payload(content_type=payload.content_type)
    if isinstance(payload.data, ContentRef):
        message.content.CopyFrom(ref_to_proto(payload.data))
    else:
        message.inline = payload.data
    return message
