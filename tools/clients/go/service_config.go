// Package client has what a connection wants beside the generated code.
package client

import _ "embed"

// ServiceConfig has the deadlines, retries and balancing of every RPC, for grpc.WithDefaultServiceConfig.
//
//go:embed service_config.json
var ServiceConfig string
