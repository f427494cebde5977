package scalepoint

import (
	"net/http"
	"net/url"

	"claimdeck/sandbox/fault"
)

// reply is the answer to a request before it is sent.
type reply = fault.Reply

// object is a JSON object under construction.
type object = map[string]any

func body(status int, v any) reply {
	return fault.JSON(status, v).With("Content-Type", "application/json")
}

// said is the answer to a submission.
func said(status int, success bool, code string) reply {
	return body(status, struct {
		Success bool   `json:"success"`
		Code    string `json:"code"`
	}{success, code})
}

func unauthorised() reply { return said(http.StatusUnauthorized, false, "UNAUTHORIZED") }

func text(status int) reply {
	return reply{Status: status, Body: []byte(http.StatusText(status))}.With("Content-Type", "text/plain; charset=utf-8")
}

func notAllowed() reply { return text(http.StatusMethodNotAllowed).With("Allow", http.MethodPost) }

const maxBody = 64 << 10

// form is a form body; nil when it is none.
type form url.Values

func (f form) get(name string) string { return url.Values(f).Get(name) }

func parseForm(raw []byte) form {
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil
	}
	return form(values)
}
