package api

import (
	"bytes"
	"encoding/json"
	"strings"
)

// envelope is what an error body says. Its strings are as sent: not cleaned.
type envelope struct {
	code, message string
	fields        []FieldError
}

// maxFields bounds how many validation errors are kept.
const maxFields = 100

// parseEnvelope reads an error body, whatever it is. LossExpress sends
//
//	{statusCode, error, message, validation: {errors: [{key, path, message, type, constraint, label}]}}
//
// in which key and path are arrays or dotted strings and every part may be missing (remote document: Errors). The
// names other systems use for the same things are read too. A short plain text is taken as the message.
func parseEnvelope(body []byte) envelope {
	body = bytes.TrimSpace(body)
	var o map[string]json.RawMessage
	if json.Unmarshal(body, &o) != nil {
		var s string
		if json.Unmarshal(body, &s) == nil {
			return envelope{message: s}
		}
		if len(body) > 0 && len(body) <= maxWords && body[0] != '<' && body[0] != '{' && body[0] != '[' {
			return envelope{message: string(body)}
		}
		return envelope{}
	}
	v := envelope{
		code:    firstText(o, "error", "errorCode", "code"),
		message: firstText(o, "message", "error_description", "userMessage", "detail", "errorMessage"),
	}
	v.fields = parseFields(o["validation"], v.message)
	if v.message == "" && len(v.fields) > 0 {
		v.message = v.fields[0].Message
	}
	return v
}

func firstText(o map[string]json.RawMessage, keys ...string) string {
	for _, key := range keys {
		if s := asText(o[key]); s != "" {
			return s
		}
	}
	return ""
}

// asText reads a string, a number or a list of them; "" for anything else.
func asText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return joined(raw, ", ")
}

func joined(raw json.RawMessage, sep string) string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	parts := make([]string, 0, len(list))
	for _, item := range list[:min(len(list), maxFields)] {
		var s string
		var n json.Number
		switch {
		case json.Unmarshal(item, &s) == nil && s != "":
			parts = append(parts, s)
		case json.Unmarshal(item, &n) == nil && n != "":
			parts = append(parts, n.String())
		}
	}
	return strings.Join(parts, sep)
}

// parseFields reads validation.errors, or the older validation.keys, whose only message is that of the envelope.
func parseFields(raw json.RawMessage, message string) []FieldError {
	var v struct {
		Errors []json.RawMessage `json:"errors"`
		Keys   []json.RawMessage `json:"keys"`
	}
	var loose map[string]json.RawMessage
	if json.Unmarshal(raw, &loose) != nil {
		return nil
	}
	// One of the two may be of another shape: that must not cost the other.
	_ = json.Unmarshal(loose["errors"], &v.Errors)
	_ = json.Unmarshal(loose["keys"], &v.Keys)
	var fields []FieldError
	for _, item := range v.Errors[:min(len(v.Errors), maxFields)] {
		if f, ok := parseField(item); ok {
			fields = append(fields, f)
		}
	}
	if len(fields) > 0 {
		return fields
	}
	for _, item := range v.Keys[:min(len(v.Keys), maxFields)] {
		if path := asPath(item); path != "" {
			fields = append(fields, FieldError{Path: path, Message: message})
		}
	}
	return fields
}

func parseField(raw json.RawMessage) (FieldError, bool) {
	var o map[string]json.RawMessage
	if json.Unmarshal(raw, &o) != nil {
		return FieldError{}, false
	}
	f := FieldError{
		Path: asPath(o["path"]), Message: asText(o["message"]),
		Type: asText(o["type"]), Constraint: asText(o["constraint"]),
	}
	if f.Path == "" {
		f.Path = asPath(o["key"])
	}
	if f.Path == "" {
		f.Path = asText(o["label"])
	}
	return f, f.Path != "" || f.Message != ""
}

// asPath reads a dotted string, or a list of names and indexes.
func asPath(raw json.RawMessage) string {
	if list := joined(raw, "."); list != "" {
		return list
	}
	return asText(raw)
}
