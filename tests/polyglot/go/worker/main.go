// A Penstock worker for the functions in handlers.go; its numbers are those of "The life of a worker" in proto/README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"math/rand/v2"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	scheduler "penstock.dev/client-go/api/scheduler/v1"
	state "penstock.dev/client-go/api/state/v1"
	types "penstock.dev/client-go/api/type/v1"
	"penstock.dev/polyglot/penstock"
)

// Why the context of a job ended.
var errCancel, errLost, errDrain = errors.New("cancelled"), errors.New("lease lost"), errors.New("draining")

// Worker is a process that takes runs out of one pool.
type Worker struct {
	*penstock.Client
	namespace, pool, id string
	busy                chan struct{} // its length is how many slots are taken
	news                chan struct{} // ends the Renew that is parked
	held                sync.Map      // each *Job by the id of its lease
	jobs                sync.WaitGroup
}

// Job is one run in the hands of the worker, from its hand-out to Complete.
type Job struct {
	*Worker
	*scheduler.Work
	phase   atomic.Int32
	attempt int32
	offset  int64           // of the last log line; it counts on over the attempts
	ctx     context.Context // of the handler
	stop    context.CancelCauseFunc
}

func (w *Worker) register(ctx context.Context) error { // 1.
	manifest := &scheduler.WorkerManifest{Name: "go", WorkPool: w.pool, ProtocolVersion: 1, Capacity: &types.Resources{Slots: int32(cap(w.busy))}, Handlers: manifests()}
	_, err := penstock.Call(ctx, w.Register, &scheduler.RegisterRequest{Namespace: w.namespace, WorkerId: w.id, Manifest: manifest, Held: w.reports()})
	return err // The next Renew tells the verdicts again.
}

func (w *Worker) acquire(ctx context.Context) { // 2.
	res, err := penstock.Call(ctx, w.Acquire, &scheduler.AcquireRequest{RequestId: penstock.NewID(), Namespace: w.namespace, WorkerId: w.id,
		Free: &types.Resources{Slots: int32(cap(w.busy) - len(w.busy))}, Wait: durationpb.New(20 * time.Second)})
	if err != nil { // Such as a session that the next Renew opens again.
		time.Sleep(rand.N(time.Second))
	}
	for _, work := range res.GetWorks() {
		w.busy <- struct{}{}
		j := &Job{Worker: w, Work: work}
		j.phase.Store(int32(types.LeasePhase_LEASE_PHASE_ACKNOWLEDGED))
		j.ctx, j.stop = context.WithCancelCause(context.Background())
		w.held.Store(j.Lease.LeaseRef.LeaseId, j)
		w.news <- struct{}{} // 3. The call that is parked does not list it.
		w.jobs.Go(j.serve)
	}
}

func (w *Worker) reports() (reports []*types.LeaseReport) {
	for _, job := range w.held.Range {
		reports = append(reports, &types.LeaseReport{Lease: job.(*Job).Lease.LeaseRef, Phase: types.LeasePhase(job.(*Job).phase.Load())})
	}
	return reports
}

func (w *Worker) keep() { // 4.
	for {
		ctx, stop := context.WithCancel(context.Background())
		go func() { w.renew(ctx); stop() }()
		select {
		case <-w.news:
		case <-ctx.Done():
		}
		stop()
	}
}

func (w *Worker) renew(ctx context.Context) {
	res, err := penstock.Call(ctx, w.Renew, &state.RenewRequest{Namespace: w.namespace, SessionId: w.id, Reports: w.reports(), Wait: durationpb.New(30 * time.Second)})
	if penstock.ReasonOf(err) == types.ErrorReason_ERROR_REASON_WORKER_SESSION_NOT_FOUND {
		err = w.register(ctx)
	}
	if err != nil && ctx.Err() == nil {
		time.Sleep(rand.N(time.Second))
	}
	for _, verdict := range res.GetVerdicts() {
		value, held := w.held.Load(verdict.LeaseId)
		switch {
		case !held: // It was completed meanwhile.
		case verdict.Ruling == types.LeaseRuling_LEASE_RULING_CANCEL: // 9. The next report acknowledges it.
			value.(*Job).phase.Store(int32(types.LeasePhase_LEASE_PHASE_CANCELLING))
			value.(*Job).stop(errCancel)
		case verdict.Ruling == types.LeaseRuling_LEASE_RULING_LOST: // 10.
			w.held.Delete(verdict.LeaseId)
			value.(*Job).stop(errLost)
		}
	}
}

// serve brings the run to its end, or back, and releases the lease.
func (j *Job) serve() {
	outcome := &state.LeaseOutcome{Lease: j.Lease.LeaseRef, Outcome: &state.LeaseOutcome_Ended{Ended: &state.LeaseEnded{}}}
	for j.try(outcome) {
	}
	if context.Cause(j.ctx) != errLost {
		j.Log()
		penstock.Call(context.Background(), j.Complete, &state.CompleteRequest{Namespace: j.namespace, Outcomes: []*state.LeaseOutcome{outcome}}) // 8.
	}
	j.held.Delete(j.Lease.LeaseRef.LeaseId)
	<-j.busy
}

// try makes one attempt, and tells whether this worker makes the next one.
func (j *Job) try(outcome *state.LeaseOutcome) bool {
	var resultID string
	err := context.Cause(j.ctx)
	if err == nil { // 5.
		begun := j.propose(state.StateType_STATE_TYPE_RUNNING, &state.TransitionFlowRunRequest{}).GetAccepted()
		if begun == nil {
			return false
		}
		j.attempt = begun.FlowRun.Attempt
		j.phase.CompareAndSwap(int32(types.LeasePhase_LEASE_PHASE_ACKNOWLEDGED), int32(types.LeasePhase_LEASE_PHASE_RUNNING))
		resultID, err = j.call()
	}
	to, req := state.StateType_STATE_TYPE_FAILED, &state.TransitionFlowRunRequest{}
	switch cause := context.Cause(j.ctx); { // 7.
	case cause == errLost || cause == errDrain && err != nil: // 11.
		outcome.Outcome = &state.LeaseOutcome_GivenBack{GivenBack: &state.LeaseGivenBack{Message: "the worker stops"}}
		return false
	case cause == errCancel:
		to, outcome.Outcome = state.StateType_STATE_TYPE_CANCELLED, &state.LeaseOutcome_Cancelled{Cancelled: &state.LeaseCancelled{}}
	case err != nil:
		req.Outcome = &state.TransitionFlowRunRequest_Failure{Failure: penstock.FailureOf(err)}
	default:
		to, req.Outcome = state.StateType_STATE_TYPE_COMPLETED, &state.TransitionFlowRunRequest_ResultId{ResultId: resultID}
	}
	verdict := j.propose(to, req).GetRejected()
	if verdict == nil || verdict.Stop {
		return false
	}
	select { // The run is AwaitingRetry.
	case <-j.ctx.Done():
	case <-time.After(verdict.RetryDelay.AsDuration()):
	}
	return true
}

// propose asks for a state until the verdict is not to wait; there is none when the lease is lost.
func (j *Job) propose(to state.StateType, req *state.TransitionFlowRunRequest) *state.TransitionFlowRunResponse {
	req.Namespace, req.FlowRunId, req.Lease, req.ToState = j.namespace, j.Lease.Run.GetFlowRunId(), j.Lease.LeaseRef, &state.State{StateType: to}
	req.RequestId = penstock.NewID()
	res, err := penstock.Call(context.Background(), j.TransitionFlowRun, req)
	if err != nil {
		j.stop(errLost)
	}
	if wait := res.GetWait(); wait != nil {
		time.Sleep(wait.RetryDelay.AsDuration())
		return j.propose(to, req)
	}
	return res
}

func main() {
	address := flag.String("address", "127.0.0.1:7470", "where Penstock serves")
	pool := flag.String("pool", "go", "the pool to serve")
	slots := flag.Int("slots", 2, "how many runs at once")
	flag.Parse()
	w := &Worker{Client: penstock.MustDial(*address), namespace: "default", pool: *pool, id: penstock.NewID(), busy: make(chan struct{}, *slots), news: make(chan struct{})}
	ctx, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	if err := w.register(ctx); err != nil {
		log.Fatal(err)
	}
	go w.keep()
	for ctx.Err() == nil {
		select {
		case w.busy <- struct{}{}: // There is a free slot.
			<-w.busy
			w.acquire(ctx)
		case <-ctx.Done():
		}
	}
	for _, job := range w.held.Range { // 11.
		job.(*Job).stop(errDrain)
	}
	w.jobs.Wait()
	penstock.Call(context.Background(), w.CloseWorkerSession, &state.CloseWorkerSessionRequest{Namespace: w.namespace, SessionId: w.id})
}
