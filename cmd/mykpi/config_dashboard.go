package main

import (
	"errors"

	"github.com/spf13/pflag"

	"github.com/mykpi/mykpi/dashboard"
)

// dashboardConfig says where people sign in.
type dashboardConfig struct{ signInDomain, signInClient string }

func (c *dashboardConfig) flags(f *pflag.FlagSet) {
	f.StringVar(&c.signInDomain, "sign-in-domain", "", "host of Cognito's hosted UI, where people sign in to the dashboard; by links of mykpi token --link alone if not given")
	f.StringVar(&c.signInClient, "sign-in-client", "", "ID of the app client they sign in to: without a secret, with https://HOST/signed-in as callback")
}

func (c *dashboardConfig) validate() error {
	if (c.signInDomain == "") != (c.signInClient == "") {
		return errors.New("--sign-in-domain and --sign-in-client go together")
	}
	return nil
}

func (c *dashboardConfig) options() dashboard.Options {
	if c.signInDomain == "" {
		return dashboard.Options{}
	}
	return dashboard.Options{Cognito: &dashboard.Cognito{Domain: c.signInDomain, ClientID: c.signInClient}}
}
