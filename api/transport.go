package api

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultTransport returns a transport with a limit for every step of a connection. Proxies come from the environment,
// never for loopback.
func DefaultTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  45 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           8,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: 256 << 10,
		ForceAttemptHTTP2:      true,
	}
}

// transports returns the transports for reads and writes. Writes dial anew and speak HTTP/1.1: on a reused connection
// net/http may send a request again (after "nothing written", GOAWAY or REFUSED_STREAM), and one that the other side
// has just closed for idleness would leave a write in doubt that was never read.
func transports(rt http.RoundTripper) (reads, writes http.RoundTripper) {
	if rt == nil {
		rt = DefaultTransport()
	}
	t, ok := rt.(*http.Transport)
	if !ok {
		return rt, rt
	}
	w := t.Clone()
	w.DisableKeepAlives = true
	w.ForceAttemptHTTP2 = false
	w.Protocols = new(http.Protocols)
	w.Protocols.SetHTTP1(true)
	if w.TLSClientConfig != nil {
		w.TLSClientConfig.NextProtos = []string{"http/1.1"} // Clone keeps an h2 that net/http added itself
	}
	return t.Clone(), w
}

// CheckAddress refuses an address to which a token or a secret must not go, in words that can be shown.
func CheckAddress(system, address string) error {
	_, err := parseBase(system, address)
	return err
}

// TokenClient returns an HTTP client for the token calls of a standard OAuth library: it follows no redirect, because
// what it sends is a secret. rt nil: DefaultTransport.
func TokenClient(rt http.RoundTripper, timeout time.Duration) *http.Client {
	_, writes := transports(rt)
	return &http.Client{
		Transport: writes, Timeout: cmp.Or(timeout, defaultTimeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// parseBase checks the address of a system.
func parseBase(system, raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, fmt.Errorf("%s: the address is not a URL: it should look like https://host", system)
	}
	switch {
	case u.User != nil:
		return nil, fmt.Errorf("%s: the address must not contain a user or password", system)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%s: the address must end with its path: no ? and no #", system)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("%s: http://%s is not encrypted: use https (plain http is for this machine only)", system, u.Host)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s: the address must start with https://", system)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// sameOriginReads lets a GET follow a few redirects within its own origin. A write follows none: nobody knows whether the
// answer to the second request is the answer to the first. Everything else stops at the redirect itself, before a request
// (and with it the token) goes anywhere.
func sameOriginReads(r *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || len(via) > 4 || Origin(r.URL) != Origin(first.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// Origin is scheme, host and port of an address: what a token must not leave.
func Origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
