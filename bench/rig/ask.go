package rig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Body is the body of a request of GraphQL.
func Body(query string, variables any) []byte {
	b, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // strings and numbers alone
	}
	return b
}

// Ask sends one operation, and fails on errors in the answer.
func Ask(host, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+host+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`))) {
		err = fmt.Errorf("%s: %.500s", response.Status, answer)
	}
	return answer, err
}
