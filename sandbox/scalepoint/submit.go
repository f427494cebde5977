package scalepoint

import (
	"net/http"
	"slices"
	"strings"
)

// caseOf takes /self-service/{country}/api/{tenant}/case/{token}/submitted apart.
func (s *Server) caseOf(path string) (country, tenant, token string, ok bool) {
	rest, found := strings.CutPrefix(path, s.options.Prefix+"/")
	part := strings.Split(rest, "/")
	if !found || len(part) != 6 || part[1] != "api" || part[3] != "case" || part[5] != "submitted" {
		return "", "", "", false
	}
	return part[0], part[2], part[4], true
}

// answerTo is what a case answers, by the prefix of its token. Any other token is an open case with lines, as "ok-" is.
type answerTo struct {
	prefix  string
	status  int
	success bool
	code    string
}

func answers() []answerTo {
	return []answerTo{
		{"empty-", http.StatusOK, true, "NO_LINES_TO_SUBMIT"},
		{"closed-", http.StatusBadRequest, false, "CASE_IS_NOT_OPEN"},
		{"noagree-", http.StatusBadRequest, false, "AGREEMENT_NOT_ACCEPTED"},
		{"missing-", http.StatusBadRequest, false, "CASE_NOT_FOUND"},
		{"err-", http.StatusInternalServerError, false, "INTERNAL_SERVER_ERROR"},
	}
}

// submit answers the submit route (remote document: Self-Service, Submit Case). s.mu is held.
func (s *Server) submit(country, tenant, token string) reply {
	if len(country) != 2 || strings.ToLower(country) != country || !slices.Contains(s.options.Tenants, tenant) {
		return said(http.StatusBadRequest, false, "INVALID_TENANT")
	}
	for _, a := range answers() {
		if strings.HasPrefix(token, a.prefix) {
			return said(a.status, a.success, a.code)
		}
	}
	if s.submitted[token] > 0 {
		return said(http.StatusBadRequest, false, "CASE_ALREADY_SUBMITTED")
	}
	s.submitted[token]++
	return said(http.StatusOK, true, "SUCCESS")
}
