// Package graph is GraphQL on one side and commands and queries on the other, and nothing else: the handler, its
// directives and errors, and resolvers that parse, call and return.
//
// It knows no store: what it calls are the interfaces of this package. It imports charts with its command, query and
// live packages, tenancy with its packages, and gqlgen. What gqlgen makes of schema/*.graphqls is in
// internal/exec, internal/model and the signatures of *.resolvers.go.
//
// It promises: a root field that is not marked @tenantScoped or @public answers nobody, and stops the server from
// starting; errors tell callers what a tenancy.Refusal says and otherwise no more than a trace ID; input is taken
// exactly or refused with its path.
package graph

//go:generate go -C .. run ./graph/internal/generate
