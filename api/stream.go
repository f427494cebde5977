package api

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Stream is an answer that is read as it arrives. Close it, or it holds one of the client's slots.
type Stream struct {
	Meta
	Header http.Header
	Size   int64 // as announced; -1: not said

	client *Client
	rep    *reply
	body   *bufio.Reader
	limit  int64
	read   int64
	err    error
}

func (c *Client) stream(rep *reply, limit int64) (*Stream, *Error) {
	s := &Stream{
		Meta: meta(rep), Header: rep.Header, Size: rep.ContentLength,
		client: c, rep: rep, body: bufio.NewReader(rep.Body), limit: limit,
	}
	if s.Size > limit {
		rep.close()
		return nil, s.tooLarge()
	}
	_, err := s.body.Peek(1)                   // waits for the first part only: a slow stream may take its time
	start, _ := s.body.Peek(s.body.Buffered()) // cannot fail: it is there
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		rep.close()
		return nil, c.cutOff(rep, err)
	case isWebPage(rep.Header, start) && !strings.Contains(rep.call.Accept, "html"):
		rep.close()
		return nil, c.unreadable(rep, strings.Replace(webPage, "JSON", "the document", 1), nil)
	}
	return s, nil
}

// isWebPage looks at the content first: a service may label anything text/html.
func isWebPage(h http.Header, start []byte) bool {
	start = bytes.ToLower(bytes.TrimSpace(start))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")) ||
		bytes.HasPrefix(start, []byte("<")) && strings.HasPrefix(h.Get("Content-Type"), "text/html")
}

// Read reads the next part. Its errors, but for io.EOF, are *Error. A silence longer than the time limit ends the stream.
func (s *Stream) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	s.rep.clock.Reset(s.rep.call.Timeout)
	n, err := s.body.Read(p)
	s.read += int64(n)
	switch {
	case s.read > s.limit:
		n, s.err = 0, s.tooLarge()
	case errors.Is(err, io.EOF):
		s.err = io.EOF
	case err != nil:
		s.err = s.client.cutOff(s.rep, err)
	}
	return n, s.err
}

// Close ends the stream and frees its place.
func (s *Stream) Close() error {
	s.rep.close()
	if s.err == nil {
		s.err = errors.New("read after close")
	}
	return nil
}

func (s *Stream) tooLarge() *Error {
	return s.client.unreadable(s.rep, fmt.Sprintf("the document is larger than %s", size(s.limit)), nil)
}
