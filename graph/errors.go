package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// The extensions of an error.
const (
	codeExtension  = "code"
	fieldExtension = "field"
	traceExtension = "traceId"
)

// errPanicked stands for a panic that is in the log already.
var errPanicked = errors.New("graph: panicked")

// presenter decides what callers are told of an error: the text of a tenancy.Refusal, what is wrong with a request,
// that the store is away, or nothing but a trace ID.
type presenter struct {
	schema      *ast.Schema
	logger      *slog.Logger
	unavailable func(error) bool
}

// told is what a caller is told.
type told struct {
	code    tenancy.Code
	message string
	field   string // the input path at fault, or ""
}

func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	t := p.tell(ctx, err)
	if as, _ := httpauth.From(ctx); t.field != "" && as.Actor().Kind == tenancy.APIKey {
		// n8n shows the message alone. A person's form has the field already, and puts the message beside it.
		t.message = t.field + ": " + t.message
	}
	presented := &gqlerror.Error{
		Err:     err,
		Message: t.message,
		Path:    responsePath(ctx),
		Extensions: map[string]any{
			codeExtension:  string(t.code),
			traceExtension: TraceOf(ctx),
		},
	}
	if t.field != "" {
		presented.Extensions[fieldExtension] = t.field
	}
	if g, ok := errors.AsType[*gqlerror.Error](err); ok {
		presented.Locations = g.Locations
	}
	return presented
}

func (p presenter) tell(ctx context.Context, err error) told {
	if refused, ok := errors.AsType[*tenancy.Refusal](err); ok {
		return told{refused.Code, refused.Message, refusedField(ctx, err, refused)}
	}
	if g, ok := errors.AsType[*gqlerror.Error](err); ok {
		if path := argumentPath(ctx, g.Path); path != nil {
			// A scalar of gqlgen's own could not read an argument. Its text speaks of that value alone.
			return told{tenancy.BadUserInput, g.Message, path.String()}
		}
		if code, _ := g.Extensions[codeExtension].(string); g.Err == nil && code != "" {
			return p.requestError(ctx, g, code)
		}
	}
	switch {
	case errors.Is(err, errPanicked):
		return internal(ctx)
	case errors.Is(err, context.Canceled):
		return told{code: tenancy.Unavailable, message: "the operation was given up"}
	case errors.Is(err, context.DeadlineExceeded):
		p.log(ctx, slog.LevelWarn, "operation took too long", err)
		return told{code: tenancy.Unavailable, message: "the operation took too long and was given up; try again"}
	case p.unavailable(err):
		p.log(ctx, slog.LevelError, "store unavailable", err)
		return told{code: tenancy.Unavailable, message: "the service is not available now; try again"}
	}
	p.log(ctx, slog.LevelError, "internal error", err)
	return internal(ctx)
}

// recovered logs a panic with its stack, and keeps both from callers.
func (p presenter) recovered(ctx context.Context, panicked any) error {
	p.log(ctx, slog.LevelError, "panic", fmt.Errorf("%v", panicked), slog.String("stack", string(debug.Stack())))
	return errPanicked
}

func (p presenter) log(ctx context.Context, level slog.Level, message string, err error, more ...slog.Attr) {
	attrs := append([]slog.Attr{
		slog.String(traceExtension, TraceOf(ctx)),
		slog.String("path", responsePath(ctx).String()),
		slog.Any("err", err),
	}, more...)
	p.logger.LogAttrs(ctx, level, message, attrs...)
}

func internal(ctx context.Context) told {
	return told{code: tenancy.Internal, message: "internal error, trace " + TraceOf(ctx)}
}

// requestError is about an operation that never ran. The executor, the transports and our extensions make such errors
// of what the caller sent, for the caller: they wrap nothing, and say which code they mean.
func (p presenter) requestError(ctx context.Context, g *gqlerror.Error, code string) told {
	t := told{tenancy.Code(code), g.Message, inputField(ctx, g.Path)}
	if code == errcode.ParseFailed || code == errcode.ValidationFailed {
		t.code = tenancy.BadUserInput
	}
	if t.field != "" {
		t.message = variableMessage(p.schema, g.Message)
	}
	return t
}

// responsePath is where in the answer the error belongs; nil for errors of the request.
func responsePath(ctx context.Context) ast.Path {
	if field := graphql.GetFieldContext(ctx); field != nil {
		return field.Path()
	}
	return nil
}

// argumentPath is the path below the arguments of the field, if the error's path leads there; nil else.
func argumentPath(ctx context.Context, path ast.Path) ast.Path {
	if field := graphql.GetFieldContext(ctx); field != nil {
		if n := len(field.Path()); n < len(path) {
			return path[n:]
		}
	}
	return nil
}

// refusedField is the input path of a refusal. One by a scalar is about the value that it read, one by a command about
// a field of the mutation's input, any other about an argument.
func refusedField(ctx context.Context, err error, refused *tenancy.Refusal) string {
	if g, ok := errors.AsType[*gqlerror.Error](err); ok {
		if path := argumentPath(ctx, g.Path); path != nil {
			return join(path.String(), refused.Field)
		}
	}
	field := graphql.GetFieldContext(ctx)
	if field != nil && field.Field.Field != nil && field.Field.Definition != nil && refused.Field != "" {
		if field.Field.Definition.Arguments.ForName(inputArgument) != nil {
			return join(inputArgument, refused.Field)
		}
	}
	return refused.Field
}

// inputArgument is the one argument of mutations.
const inputArgument = "input"

func join(path, field string) string {
	if path == "" || field == "" {
		return path + field
	}
	return path + "." + field
}
