"""Which variables of an executor's environment its children get: what a program needs to run.

Everything else may be a secret of whoever runs the executor, and is no business of the flows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

PASSED = (
    # Who it is, where its files and programs are, and what language it speaks.
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "LANGUAGE", "LC_*", "TZ",
    # How an interpreter starts.
    "PYTHON*", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    # The way to the world, and whom to trust there.
    "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
    "ALL_PROXY", "no_proxy", "NO_PROXY", "grpc_proxy", "no_grpc_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS", "GRPC_*",
    # Spans; headers are not among them, since they hold keys.
    "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_INSECURE", "OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_BSP_*",
    "OTEL_TRACES_*", "OTEL_RESOURCE_ATTRIBUTES",
    # What programs ask of Penstock.
    "PENSTOCK_ADDRESS", "PENSTOCK_*_ADDRESS", "PENSTOCK_HOME", "PENSTOCK_NAMESPACE",
    "PENSTOCK_LOGGING_LEVEL", "PENSTOCK_DEFAULT_WORK_POOL_NAME", "PENSTOCK_RENEWER_AFTER",
    "PENSTOCK__RUNTIME__*",
)  # fmt: skip
# Whatever patterns say: its password opens every run of everybody.
NEVER_PASSED = frozenset({"PENSTOCK_DATABASE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnvironment:
    """What a child gets beside the variables of its launch, and what it does not."""

    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    withheld: Sequence[str] = ()

    @property
    def note(self) -> str:
        """Return what a run's log says of it; nothing if nothing is withheld."""
        if not self.withheld:
            return ""
        return (
            f"withheld from this run: {', '.join(self.withheld)}; name those that it "
            "needs in its deployment, or in the executor's pass_environment"
        )


def child_environment(
    inherited: Mapping[str, str], *, patterns: Sequence[str]
) -> ChildEnvironment:
    """Choose by name; patterns, such as `AWS_*`, allow more than what every program needs."""
    allowed = (*PASSED, *patterns)

    def passes(name: str) -> bool:
        if name in NEVER_PASSED:
            return False
        return any(fnmatchcase(name, pattern) for pattern in allowed)

    return ChildEnvironment(
        variables={name: value for name, value in inherited.items() if passes(name)},
        withheld=sorted(name for name in inherited if not passes(name)),
    )
