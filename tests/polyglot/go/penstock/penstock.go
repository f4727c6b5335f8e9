// Package penstock is what every Go program wants beside the generated stubs: a connection that keeps the rules of
// proto/README.md, ids, and the reason of an error.
package penstock

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	mrand "math/rand/v2"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	penstock "penstock.dev/client-go"
	artifact "penstock.dev/client-go/api/artifact/v1"
	scheduler "penstock.dev/client-go/api/scheduler/v1"
	state "penstock.dev/client-go/api/state/v1"
	types "penstock.dev/client-go/api/type/v1"
)

// A session lives so long without a renewal; what is not said by then, its worker need not say any more.
const patience = 15 * time.Second

// Client has the calls that the two programs make.
type Client struct {
	artifact.ResultServiceClient
	scheduler.DeploymentServiceClient
	scheduler.WorkPoolServiceClient
	scheduler.WorkServiceClient
	state.FlowRunServiceClient
	state.LeaseServiceClient
	state.LogServiceClient
	state.TransitionServiceClient
	state.WorkerSessionServiceClient
}

// MustDial makes a client, which connects with its first call.
func MustDial(address string) *Client {
	named := func(ctx context.Context) context.Context {
		return metadata.AppendToOutgoingContext(ctx, "penstock-client", "go/0.1.0")
	}
	conn, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(penstock.ServiceConfig), grpc.WithDisableServiceConfig(),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, res any, cc *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			return call(named(ctx), method, req, res, cc, opts...)
		}),
		grpc.WithStreamInterceptor(func(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
			return open(named(ctx), desc, cc, method, opts...)
		}))
	if err != nil {
		log.Fatal(err) // The address is none.
	}
	return &Client{
		artifact.NewResultServiceClient(conn),
		scheduler.NewDeploymentServiceClient(conn), scheduler.NewWorkPoolServiceClient(conn), scheduler.NewWorkServiceClient(conn),
		state.NewFlowRunServiceClient(conn), state.NewLeaseServiceClient(conn), state.NewLogServiceClient(conn),
		state.NewTransitionServiceClient(conn), state.NewWorkerSessionServiceClient(conn),
	}
}

// ReasonOf tells why a call failed; UNSPECIFIED means that the transport did, and nobody knows what happened.
func ReasonOf(err error) types.ErrorReason {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Domain == "penstock" {
			return types.ErrorReason(types.ErrorReason_value["ERROR_REASON_"+info.Reason])
		}
	}
	return types.ErrorReason_ERROR_REASON_UNSPECIFIED
}

// Call calls until there is an answer or a refusal, with the same request and so the same request_id each time, and
// gives up after a while.
func Call[Req, Res any](ctx context.Context, call func(context.Context, Req, ...grpc.CallOption) (Res, error), req Req) (Res, error) {
	begun := time.Now()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		res, err := call(ctx, req)
		switch code := status.Code(err); {
		case err == nil || ctx.Err() != nil:
			return res, err
		case code != codes.Unavailable && code != codes.DeadlineExceeded && ReasonOf(err) != types.ErrorReason_ERROR_REASON_UNSPECIFIED, time.Since(begun) > patience:
			log.Printf("%T: %v", req, err)
			return res, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(mrand.N(pause)):
		}
	}
}

// JSON encodes what any language can read.
func JSON(value any) *types.Payload {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return &types.Payload{ContentType: "application/json", Data: &types.Payload_Inline{Inline: encoded}}
}

// FailureOf tells of an error of the user's code.
func FailureOf(err error) *types.Failure {
	return &types.Failure{ErrorType: fmt.Sprintf("%T", err), Message: err.Error(), Language: "go"}
}

// NewID makes a UUIDv7, which every id may be.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	ms := time.Now().UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
