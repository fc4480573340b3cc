package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// request is an operation as clients write it, in a POST body or in the payload of a subscribe message.
type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
	DocumentID    string         `json:"documentId"`
}

// problem is a request that is refused before GraphQL sees it.
type problem struct {
	status int
	allow  string // the Allow header, with 405
	err    *gqlerror.Error
}

func refuse(status int, code, message string) *problem {
	return &problem{status: status, err: failure(code, message)}
}

func badRequest(message string) *problem {
	return refuse(http.StatusBadRequest, CodeBadUserInput, message)
}

// extensionDocumentID is where a documentId travels to the extensions of this package: gqlgen's parameters have no
// place of their own for it.
const extensionDocumentID = "documentId"

func (q *request) params(header http.Header) (*graphql.RawParams, *problem) {
	if q.DocumentID != "" {
		if q.Extensions == nil {
			q.Extensions = make(map[string]any, 1)
		}
		q.Extensions[extensionDocumentID] = q.DocumentID
	}
	if q.Query == "" && q.Extensions["persistedQuery"] == nil && q.Extensions[extensionDocumentID] == nil {
		return nil, badRequest(`"query" is missing: send {"query": "…"} with the text of a GraphQL document`)
	}
	now := graphql.Now()
	return &graphql.RawParams{
		Query:         q.Query,
		OperationName: q.OperationName,
		Variables:     q.Variables,
		Extensions:    q.Extensions,
		Headers:       header,
		ReadTime:      graphql.TraceTiming{Start: now, End: now},
	}, nil
}

const jsonSpace = " \t\r\n"

// parseRequest decodes one JSON object, and nothing after it. Its messages never quote the text.
func parseRequest(text []byte) (*request, *problem) {
	text = bytes.TrimLeft(text, jsonSpace)
	switch {
	case len(text) == 0:
		return nil, badRequest(`the request body is empty: send a JSON object such as {"query": "{ version }"}`)
	case text[0] == '[':
		return nil, badRequest("batches are not supported: send one operation a request, not a JSON array")
	case !utf8.Valid(text):
		return nil, badRequest("the request is not valid UTF-8")
	case hasLoneSurrogate(text):
		return nil, badRequest(`the request has an escaped surrogate (\ud800 to \udfff) without its pair`)
	}
	var q request
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&q); err != nil {
		return nil, badRequest(decodeMessage(err))
	}
	if len(bytes.TrimLeft(text[dec.InputOffset():], jsonSpace)) > 0 {
		return nil, badRequest("the request has text after its JSON object")
	}
	return &q, nil
}

// decodeMessage says what is wrong with a request and how to mend it.
func decodeMessage(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		switch wrong.Field {
		case "variables":
			if wrong.Value == "string" {
				return `"variables" is a string: send a JSON object, {"variables": {"name": "value"}}, not JSON text within quotes`
			}
			return `"variables" must be a JSON object or null`
		case "extensions":
			return `"extensions" must be a JSON object or null`
		case "query", "operationName", "documentId":
			return `"` + wrong.Field + `" must be a string`
		}
		return `the request must be a JSON object such as {"query": "{ version }"}`
	}
	return "the request is not valid JSON"
}

// readPOST reads the operation of a POST request of at most limit bytes.
func readPOST(r *http.Request, limit int64) (*graphql.RawParams, *problem) {
	body, media, bad := readBody(r, limit)
	if bad != nil {
		return nil, bad
	}
	defer putBuffer(body)
	return parseBody(body.Bytes(), media, r.Header)
}

// mediaText is that of a body that is the text of a query.
const mediaText = "application/graphql"

// readBody reads the body of a POST request into a buffer, which is to be put back, and tells its media type.
func readBody(r *http.Request, limit int64) (body *bytes.Buffer, media string, bad *problem) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || (media != mediaJSON && media != mediaText) {
		return nil, "", refuse(http.StatusUnsupportedMediaType, CodeBadUserInput,
			"send Content-Type: application/json with a JSON body, or application/graphql with the text of a query")
	}
	if charset, set := params["charset"]; set && !isUTF8(charset) {
		return nil, "", refuse(http.StatusUnsupportedMediaType, CodeBadUserInput, "the only charset is utf-8")
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, "", refuse(http.StatusUnsupportedMediaType, CodeBadUserInput, "send the request body without Content-Encoding")
	}
	body = getBuffer()
	// The writer is not told: it would close the connection.
	if _, err := body.ReadFrom(http.MaxBytesReader(nil, r.Body, limit)); err != nil {
		putBuffer(body)
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			// A caller that is cut off while it sends sees a broken connection, not the answer.
			_, _ = io.CopyN(io.Discard, r.Body, mostDrained)
			return nil, "", refuse(http.StatusRequestEntityTooLarge, CodeLimitExceeded, "the request body is too large: send less at a time")
		}
		return nil, "", badRequest("the request body ended early")
	}
	return body, media, nil
}

// parseBody reads the operation that a body asks for.
func parseBody(text []byte, media string, header http.Header) (*graphql.RawParams, *problem) {
	if media == mediaText {
		if !utf8.Valid(text) {
			return nil, badRequest("the request is not valid UTF-8")
		}
		return (&request{Query: string(text)}).params(header)
	}
	q, bad := parseRequest(text)
	if bad != nil {
		return nil, bad
	}
	return q.params(header)
}

// mostDrained is how much is read, in bytes, of a body that is too large to be taken.
const mostDrained = 32 << 20

// readGET reads the operation of a GET request from its URL.
func readGET(r *http.Request) (*graphql.RawParams, *problem) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the URL's query string is not well formed")
	}
	for _, all := range values {
		if !utf8.ValidString(all[0]) {
			return nil, badRequest("the request is not valid UTF-8")
		}
	}
	q := request{
		Query:         values.Get("query"),
		OperationName: values.Get("operationName"),
		DocumentID:    values.Get("documentId"),
	}
	if q.Variables, err = urlObject(values.Get("variables")); err != nil {
		return nil, badRequest(`"variables" must be a JSON object, URL-encoded`)
	}
	if q.Extensions, err = urlObject(values.Get("extensions")); err != nil {
		return nil, badRequest(`"extensions" must be a JSON object, URL-encoded`)
	}
	return q.params(r.Header)
}

func urlObject(text string) (object map[string]any, err error) {
	if text == "" {
		return nil, nil
	}
	if hasLoneSurrogate([]byte(text)) {
		return nil, errors.New("a surrogate without its pair")
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.UseNumber()
	if err := dec.Decode(&object); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("text after the object")
	}
	return object, nil
}
