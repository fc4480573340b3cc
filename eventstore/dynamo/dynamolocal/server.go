package dynamolocal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Server is one DynamoDB Local that the tests of a package share. Its zero value is ready: the process begins with the
// first Endpoint and ends with Stop, which TestMain calls:
//
//	var local dynamolocal.Server
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		local.Stop()
//		os.Exit(code)
//	}
type Server struct {
	once     sync.Once
	endpoint string
	err      error
	command  *exec.Cmd
	exited   chan struct{}
}

const (
	startAttempts = 5                // another process may take the free port first
	startTimeout  = time.Minute      // a cold JVM on a busy machine
	stopTimeout   = 10 * time.Second // then it is killed
)

// Endpoint is the URL of the server, started on first use; the test fails where it can't be.
func (s *Server) Endpoint(tb testing.TB) string {
	tb.Helper()
	s.once.Do(func() { s.endpoint, s.err = s.start() })
	if s.err != nil {
		tb.Fatalf("dynamolocal: %v", s.err)
	}
	return s.endpoint
}

// Config reaches the server with the credentials that it does not check. The environment is not read.
func (s *Server) Config(tb testing.TB) *aws.Config {
	tb.Helper()
	return Config(s.Endpoint(tb))
}

// Config reaches a DynamoDB Local, or a proxy before it, with credentials that it does not check.
func Config(endpoint string) *aws.Config {
	return &aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}

// Stop ends the process. It does nothing where none was started.
func (s *Server) Stop() {
	if s.command == nil {
		return
	}
	// The process may have ended by itself; then there is nothing to signal.
	_ = s.command.Process.Signal(os.Interrupt)
	select {
	case <-s.exited:
	case <-time.After(stopTimeout):
		_ = s.command.Process.Kill()
		<-s.exited
	}
}

func (s *Server) start() (string, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("no Java: apt-get install openjdk-17-jre-headless: %w", err)
	}
	jar, err := install()
	if err != nil {
		return "", err
	}
	for range startAttempts {
		var endpoint string
		if endpoint, err = s.run(java, jar); err == nil {
			return endpoint, nil
		}
	}
	return "", err
}

// run starts one process on a port that was free a moment ago and waits until it answers.
func (s *Server) run(java, jar string) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	command := exec.Command(java, "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.library.path=DynamoDBLocal_lib",
		"-jar", jar, "-inMemory", "-disableTelemetry", "-port", strconv.Itoa(port))
	command.Dir = filepath.Dir(jar)
	command.SysProcAttr = endWithParent()
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	exited := make(chan struct{})
	started := make(chan error)
	go superviseOnOneThread(command, started, exited)
	if err := <-started; err != nil {
		return "", fmt.Errorf("starting %s: %w", java, err)
	}
	endpoint := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := awaitAnswer(endpoint, exited); err != nil {
		_ = command.Process.Kill() // it may have ended by itself
		<-exited
		return "", fmt.Errorf("%w; it said: %s", err, output.String())
	}
	s.command, s.exited = command, exited
	return endpoint, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func awaitAnswer(endpoint string, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			return response.Body.Close()
		}
		select {
		case <-exited:
			return errors.New("DynamoDB Local ended at once")
		case <-ctx.Done():
			return fmt.Errorf("DynamoDB Local did not answer within %v", startTimeout)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// supervise starts the process, says so, and waits for it.
func supervise(command *exec.Cmd, started chan<- error, exited chan<- struct{}) {
	err := command.Start()
	started <- err
	if err != nil {
		return
	}
	_ = command.Wait() // how it ended does not matter: that it ended does
	close(exited)
}
