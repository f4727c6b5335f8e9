from unit.executor.supervising import both_loops

pytest_asyncio_loop_factories = both_loops
