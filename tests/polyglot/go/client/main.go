// A Penstock client: it makes runs of deployments, watches them, reads a result and cancels, and prints what it saw as
// one JSON object.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	artifact "penstock.dev/client-go/api/artifact/v1"
	scheduler "penstock.dev/client-go/api/scheduler/v1"
	state "penstock.dev/client-go/api/state/v1"
	types "penstock.dev/client-go/api/type/v1"
	"penstock.dev/polyglot/penstock"
)

const namespace = "default"

type client struct{ *penstock.Client }

// A run as it was seen from its making to its end.
type seen struct {
	ID      string          `json:"id"`
	States  []string        `json:"states"` // the names, each as often as it was come into
	Attempt int32           `json:"attempt"`
	Result  json.RawMessage `json:"result,omitempty"`
	Failure string          `json:"failure,omitempty"`
}

// must is for calls whose failure leaves nothing to go on with.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func (c client) deploy(ctx context.Context, pool, handler string) *scheduler.DeploymentRef {
	res := must(penstock.Call(ctx, c.ApplyDeployment, &scheduler.ApplyDeploymentRequest{
		RequestId: penstock.NewID(), Namespace: namespace, Name: "go",
		Spec: &types.RunSpec{
			FlowName:    strings.ReplaceAll(handler, "/", "-"),
			WorkPool:    pool,
			Tags:        []string{"polyglot"},
			Launch:      &types.LaunchSpec{Program: &types.LaunchSpec_Handler{Handler: handler}},
			RetryPolicy: &types.RetryPolicy{MaxRetries: 1, RetryDelays: []*durationpb.Duration{durationpb.New(500 * time.Millisecond)}},
		},
	}))
	return &scheduler.DeploymentRef{Key: &scheduler.DeploymentRef_Id{Id: res.Deployment.Id}}
}

func (c client) run(ctx context.Context, deployment *scheduler.DeploymentRef, parameters map[string]any) *scheduler.RunDeploymentResponse {
	payloads := map[string]*types.Payload{}
	for name, value := range parameters {
		payloads[name] = penstock.JSON(value)
	}
	return must(penstock.Call(ctx, c.RunDeployment, &scheduler.RunDeploymentRequest{
		RequestId: penstock.NewID(), Namespace: namespace, Deployment: deployment, Parameters: payloads,
	}))
}

// follow watches a run until it is in this state or ended, and opens a stream that ends again from its last cursor.
func (c client) follow(ctx context.Context, id, cursor string, until state.StateType) (states []string, last *state.FlowRun) {
	for ctx.Err() == nil {
		stream, err := c.WatchFlowRuns(ctx, &state.WatchFlowRunsRequest{
			Namespace: namespace, Cursor: cursor, Filter: &state.FlowRunFilter{FlowRunIds: []string{id}},
		})
		for err == nil {
			var batch *state.WatchFlowRunsResponse
			if batch, err = stream.Recv(); err != nil {
				break
			}
			cursor = batch.Cursor
			for _, run := range batch.Changes {
				if last != nil && run.Revision <= last.Revision {
					continue // It was told before.
				}
				last, states = run, append(states, run.State.Name)
				if run.State.StateType == until || final(run) {
					return states, last
				}
			}
		}
		switch {
		case penstock.ReasonOf(err) == types.ErrorReason_ERROR_REASON_CURSOR_EXPIRED:
			got := must(penstock.Call(ctx, c.GetFlowRun, &state.GetFlowRunRequest{Namespace: namespace, FlowRunId: id}))
			cursor, last, states = got.WatchCursor, got.FlowRun, append(states, got.FlowRun.State.Name)
			if final(last) {
				return states, last
			}
		case err != io.EOF:
			log.Print("watch: ", err)
			time.Sleep(100 * time.Millisecond)
		}
	}
	log.Fatal("watch: ", ctx.Err())
	return nil, nil
}

func final(run *state.FlowRun) bool {
	switch run.State.StateType {
	case state.StateType_STATE_TYPE_COMPLETED, state.StateType_STATE_TYPE_FAILED, state.StateType_STATE_TYPE_CANCELLED, state.StateType_STATE_TYPE_CRASHED:
		return true
	}
	return false
}

// finish follows a run to its end and reads its result.
func (c client) finish(ctx context.Context, run *scheduler.RunDeploymentResponse) seen {
	states, last := c.follow(ctx, run.FlowRunId, run.WatchCursor, state.StateType_STATE_TYPE_UNSPECIFIED)
	saw := seen{ID: run.FlowRunId, States: states, Attempt: last.Attempt, Failure: last.Failure.GetMessage()}
	if last.ResultId != "" {
		res := must(penstock.Call(ctx, c.GetResult, &artifact.GetResultRequest{Namespace: namespace, ResultId: last.ResultId}))
		saw.Result = res.Result.Payload.GetInline()
	}
	return saw
}

// list returns the ids of the runs of a pool, oldest first, in pages of two.
func (c client) list(ctx context.Context, pool string) (ids []string) {
	for req := (&state.ListFlowRunsRequest{
		Namespace: namespace, PageSize: 2, Order: state.FlowRunOrder_FLOW_RUN_ORDER_CREATE_TIME_ASC,
		Filter: &state.FlowRunFilter{WorkPools: []string{pool}, Tags: &state.TagFilter{All: []string{"polyglot"}}},
	}); ; {
		page := must(penstock.Call(ctx, c.ListFlowRuns, req))
		for _, run := range page.FlowRuns {
			ids = append(ids, run.Id)
		}
		if req.PageToken = page.NextPageToken; req.PageToken == "" {
			return ids
		}
	}
}

// explain switches over the reason of an error, as every program should.
func explain(err error) map[string]any {
	switch reason := penstock.ReasonOf(err); reason {
	case types.ErrorReason_ERROR_REASON_FLOW_RUN_NOT_FOUND:
		return map[string]any{"kind": "unknown run"}
	case types.ErrorReason_ERROR_REASON_REQUEST_ID_REUSED:
		return map[string]any{"kind": "another intent had this id"}
	case types.ErrorReason_ERROR_REASON_WORK_POOL_EXISTS:
		return map[string]any{"kind": "the pool is there"}
	case types.ErrorReason_ERROR_REASON_INVALID_ARGUMENT:
		fields := []string{}
		for _, detail := range status.Convert(err).Details() {
			if bad, ok := detail.(*errdetails.BadRequest); ok {
				for _, violation := range bad.FieldViolations {
					fields = append(fields, violation.Field)
				}
			}
		}
		return map[string]any{"kind": "bad request", "fields": fields}
	default:
		return map[string]any{"kind": "other", "reason": reason.String(), "error": err.Error()}
	}
}

func main() {
	address := flag.String("address", "127.0.0.1:7470", "where Penstock serves")
	pool := flag.String("pool", "go", "the pool to make and use")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := client{penstock.MustDial(*address)}
	saw := map[string]any{"before": len(c.list(ctx, *pool))}

	create := &scheduler.CreateWorkPoolRequest{RequestId: penstock.NewID(), Namespace: namespace, Name: *pool, PoolType: "process"}
	made := must(penstock.Call(ctx, c.CreateWorkPool, create))
	again := must(penstock.Call(ctx, c.CreateWorkPool, create))
	saw["pool"] = map[string]any{"id": made.WorkPool.Id, "same": made.WorkPool.Id == again.WorkPool.Id, "queue": made.WorkPool.WorkQueues[0].Name}

	add := c.run(ctx, c.deploy(ctx, *pool, "math/add"), map[string]any{"a": 40, "b": 2})
	saw["add"] = c.finish(ctx, add)
	saw["flaky"] = c.finish(ctx, c.run(ctx, c.deploy(ctx, *pool, "test/flaky"), nil))

	saw["panic"] = c.finish(ctx, c.run(ctx, c.deploy(ctx, *pool, "test/panic"), nil))

	sleep := c.deploy(ctx, *pool, "test/sleep")
	long := c.run(ctx, sleep, map[string]any{"seconds": 600})
	c.follow(ctx, long.FlowRunId, long.WatchCursor, state.StateType_STATE_TYPE_RUNNING)
	asked := must(penstock.Call(ctx, c.CancelFlowRun, &state.CancelFlowRunRequest{RequestId: penstock.NewID(), Namespace: namespace, FlowRunId: long.FlowRunId, Message: "the client had enough"}))
	saw["cancelled"] = c.finish(ctx, long)
	saw["cancel_answer"] = asked.FlowRun.State.Name
	saw["listed"] = c.list(ctx, *pool)

	_, unknown := c.GetFlowRun(ctx, &state.GetFlowRunRequest{Namespace: namespace, FlowRunId: penstock.NewID()})
	create.Description = "another body"
	_, reused := c.CreateWorkPool(ctx, create)
	create.RequestId = penstock.NewID()
	_, exists := c.CreateWorkPool(ctx, create)
	_, invalid := c.ListFlowRuns(ctx, &state.ListFlowRunsRequest{Namespace: "a/b"})
	saw["errors"] = map[string]any{"unknown": explain(unknown), "reused": explain(reused), "exists": explain(exists), "invalid": explain(invalid)}

	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	must(0, out.Encode(saw))
}
