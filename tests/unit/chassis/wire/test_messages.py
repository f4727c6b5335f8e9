from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.type.v1.payload_pb2 import Payload
from penstockd.chassis.wire.messages import LARGEST_LIST, fitted, fitting, parts

LARGE = Payload(content_type="application/json", inline=b"x" * (LARGEST_LIST - 1_000))


def a_run(number: int, *, payloads: int = 0) -> FlowRun:
    run = FlowRun(id=str(number), name="n")
    run.spec.flow_name = "pipeline"
    for at in range(payloads):
        run.spec.parameters[f"p{at}"].CopyFrom(LARGE)
    return run


def test_as_many_items_as_fit_are_taken() -> None:
    runs = [a_run(1, payloads=1), a_run(2, payloads=1), a_run(3)]
    assert fitting(runs) == runs[:1]
    assert fitting(runs[1:]) == runs[1:]
    assert [(last, len(part)) for last, part in parts(runs)] == [(False, 1), (True, 2)]


def test_an_item_that_no_message_holds_says_what_it_leaves_out() -> None:
    (cut,) = fitting([a_run(1, payloads=2)])
    assert cut.left_out == ["spec.parameters"]
    assert (cut.id, cut.spec.flow_name, len(cut.spec.parameters)) == ("1", "pipeline", 0)


def test_a_list_goes_on_behind_an_item_that_no_message_holds() -> None:
    runs = [a_run(1), a_run(2, payloads=2), a_run(3)]
    assert [it.id for it in fitting(runs)] == ["1", "2", "3"]
    assert [list(it.left_out) for it in runs] == [[], ["spec.parameters"], []]


def test_fields_are_left_out_until_the_rest_fits() -> None:
    run = a_run(1, payloads=2)
    run.failure.stack = "x" * (LARGEST_LIST + 1)
    assert fitted(run).left_out == ["spec.parameters", "failure.stack"]
    assert run.ByteSize() < 200
