import sys
from pathlib import Path

from penstock import flow, task
from penstock.runtime import task_run
from penstock.transactions import Transaction, transaction

FILE = Path("side-effect.txt")


@task(retries=2, retry_delay_seconds=5)
def write_file(contents: str) -> None:
    FILE.write_text(contents)
    if "--flaky" in sys.argv and task_run.run_count == 1:
        raise OSError("the disk was busy")


@write_file.on_rollback
def del_file(_: Transaction) -> None:
    FILE.unlink()


@task
def quality_test() -> None:
    if len(FILE.read_text().split()) < 2:
        raise ValueError("the file holds fewer than two words")


@flow
def pipeline(contents: str) -> None:
    with transaction():
        write_file(contents)
        quality_test()


if __name__ == "__main__":
    if "--deploy" in sys.argv:
        pipeline.deploy(name="pipeline-deployment", work_pool_name="local-pool")
    else:
        pipeline(next((word for word in sys.argv[1:] if word[0] != "-"), "hello world"))
