"""Generated from proto/ by `make gen`; never edited."""

from typing import Any

UNARY_SECONDS = 10.0
LONG_POLL_SECONDS = 45.0
STREAM_SECONDS = 1800.0
SERVICE_CONFIG: dict[str, Any] = {
    "loadBalancingConfig": [
        {
            "round_robin": {}
        }
    ],
    "methodConfig": [
        {
            "name": [
                {
                    "service": "penstock.api.artifact.v1.ContentService"
                },
                {
                    "service": "penstock.api.artifact.v1.ResultService"
                },
                {
                    "service": "penstock.api.executor.v1.ExecutionService"
                },
                {
                    "service": "penstock.api.scheduler.v1.DeploymentService"
                },
                {
                    "service": "penstock.api.scheduler.v1.WorkPoolService"
                },
                {
                    "service": "penstock.api.scheduler.v1.WorkService"
                },
                {
                    "service": "penstock.api.scheduler.v1.WorkerService"
                },
                {
                    "service": "penstock.api.state.v1.FlowRunGraphService"
                },
                {
                    "service": "penstock.api.state.v1.FlowRunService"
                },
                {
                    "service": "penstock.api.state.v1.FlowService"
                },
                {
                    "service": "penstock.api.state.v1.JournalService"
                },
                {
                    "service": "penstock.api.state.v1.LeaseService"
                },
                {
                    "service": "penstock.api.state.v1.LogService"
                },
                {
                    "service": "penstock.api.state.v1.TaskRunService"
                },
                {
                    "service": "penstock.api.state.v1.TransitionService"
                },
                {
                    "service": "penstock.api.state.v1.WorkerSessionService"
                }
            ],
            "timeout": "10s",
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": [
                    "UNAVAILABLE"
                ]
            }
        },
        {
            "name": [
                {
                    "service": "penstock.api.scheduler.v1.WorkService",
                    "method": "Acquire"
                },
                {
                    "service": "penstock.api.state.v1.LeaseService",
                    "method": "Renew"
                }
            ],
            "timeout": "45s",
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": [
                    "UNAVAILABLE"
                ]
            }
        },
        {
            "name": [
                {
                    "service": "penstock.api.artifact.v1.ContentService",
                    "method": "DownloadContent"
                },
                {
                    "service": "penstock.api.executor.v1.ExecutionService",
                    "method": "WatchExecutions"
                },
                {
                    "service": "penstock.api.state.v1.FlowRunGraphService",
                    "method": "GetFlowRunGraph"
                },
                {
                    "service": "penstock.api.state.v1.FlowRunService",
                    "method": "WatchFlowRuns"
                },
                {
                    "service": "penstock.api.state.v1.LogService",
                    "method": "WatchLogs"
                },
                {
                    "service": "penstock.api.state.v1.TaskRunService",
                    "method": "WatchTaskRuns"
                },
                {
                    "service": "penstock.api.state.v1.WorkerSessionService",
                    "method": "WatchWorkerSessions"
                }
            ],
            "timeout": "1800s",
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": [
                    "UNAVAILABLE"
                ]
            }
        }
    ]
}
