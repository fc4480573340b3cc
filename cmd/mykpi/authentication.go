package main

import (
	"time"

	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/devissuer"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
)

// authenticator believes the tokens of the configured issuers and API keys, and lets in whom the gate lets in.
func (s *server) authenticator() (httpauth.Authenticator, error) {
	issuers, err := s.config.issuers()
	if err != nil {
		return nil, err
	}
	roles, err := s.config.roles()
	if err != nil {
		return nil, err
	}
	if s.config.believesDevelopment(s.config.development) {
		if s.issuer, err = devissuer.Open(s.config.data); err != nil {
			return nil, err
		}
		issuers = append(issuers, s.issuer.Trust())
		s.logger.Info("development tokens of the data folder are believed: configure --cognito-pool to end it")
	}
	tokens, err := cognito.New(cognito.Config{Issuers: issuers, TenantClaim: s.config.tenantClaim, Roles: roles, Logger: s.logger})
	if err != nil {
		return nil, err
	}
	keys := apikey.NewVerifier(s.core.store, time.Now, s.logger)
	s.core.apiKeys.Revoked = keys.Forget
	return s.core.gate.Behind(httpauth.Verifiers{Tokens: tokens, Keys: keys}, members.Rule(s.config.membership)), nil
}
