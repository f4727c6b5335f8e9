package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
	artifact "penstock.dev/client-go/api/artifact/v1"
	scheduler "penstock.dev/client-go/api/scheduler/v1"
	state "penstock.dev/client-go/api/state/v1"
	types "penstock.dev/client-go/api/type/v1"
	"penstock.dev/polyglot/penstock"
)

// The functions of this worker, by the names that the runs' programs have.
var handlers = map[string]func(context.Context, *Job) (any, error){
	"math/add": func(_ context.Context, j *Job) (any, error) {
		var a, b int64
		err := errors.Join(j.Param("a", &a), j.Param("b", &b))
		j.Log("adding")
		j.Log(fmt.Sprintf("%d + %d", a, b))
		return map[string]int64{"sum": a + b}, err
	},
	"test/flaky": func(_ context.Context, j *Job) (any, error) {
		j.Log(fmt.Sprintf("attempt %d", j.attempt), "under way")
		if j.attempt == 1 {
			return nil, errors.New("the first attempt fails")
		}
		return j.attempt, nil
	},
	"test/panic": func(context.Context, *Job) (any, error) { panic("no way out") },
	"test/sleep": func(ctx context.Context, j *Job) (any, error) {
		var seconds float64
		if err := j.Param("seconds", &seconds); err != nil {
			return nil, err
		}
		if j.Lease.Reason == types.LeaseReason_LEASE_REASON_RESUME {
			return "slept on another worker", nil
		}
		j.Log("sleeping", fmt.Sprintf("for %g s", seconds))
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(time.Duration(seconds * float64(time.Second))):
			return "slept", nil
		}
	},
}

func manifests() (all []*scheduler.HandlerManifest) {
	for name := range handlers {
		all = append(all, &scheduler.HandlerManifest{Name: name})
	}
	return all
}

// call runs the function and publishes its result (7.); one that panics has failed like any other.
func (j *Job) call() (resultID string, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	value, err := handlers[j.Spec.Launch.GetHandler()](j.ctx, j)
	if err != nil {
		return "", err
	}
	res, err := penstock.Call(context.Background(), j.PublishResult, &artifact.PublishResultRequest{
		RequestId: penstock.NewID(), Namespace: j.namespace, ResultId: penstock.NewID(), Run: j.Lease.Run, Lease: j.Lease.LeaseRef, Payload: penstock.JSON(value),
	})
	return res.GetResult().GetId(), err
}

// Param decodes an argument.
func (j *Job) Param(name string, into any) error {
	return json.Unmarshal(j.Spec.Parameters[name].GetInline(), into)
}

// Log keeps lines of the run (6. in the life of a worker); without any it says that there are no more.
func (j *Job) Log(messages ...string) {
	req := &state.AppendLogsRequest{Namespace: j.namespace, Run: j.Lease.Run, Lease: j.Lease.LeaseRef, Source: "run", Last: len(messages) == 0}
	for _, message := range messages {
		j.offset++
		req.Lines = append(req.Lines, &state.LogLine{Offset: j.offset, Time: timestamppb.Now(), Level: 20, Logger: "go", Message: message})
	}
	penstock.Call(context.Background(), j.AppendLogs, req)
}
