package model

import (
	"github.com/mykpi/mykpi/tenancy/apikey"
)

// New is the key that the input asks for, with the charts that it names.
func (in CreateAPIKeyInput) New(chartIDs []string) apikey.New {
	return apikey.New{Name: in.Name, Permissions: in.Permissions, ExpiresAt: in.ExpiresAt.Value(), ChartIDs: chartIDs}
}
