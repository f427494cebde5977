package lossexpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"unicode/utf8"

	"claimdeck/api"
)

// LenderQuery says which lenders to list.
type LenderQuery struct {
	Name                  string // at least three characters of a name or alias; empty: all
	IntegratedPayoffOnly  bool
	CustomerAuthorization *bool // whether the lender talks only after the customer has agreed; nil: either
}

// Lender is an entry of the service's lender database.
type Lender struct {
	LenderID         string
	LenderName       string
	Aliases          []string
	IntegratedPayoff bool
	Extra            map[string]json.RawMessage
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *Lender) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	*l = Lender{
		LenderID: take(o, "lenderId", asString), LenderName: take(o, "lenderName", asString),
		Aliases: take(o, "aliases", asStrings),
	}
	if b := take(o, "integratedPayoff", asBool); b != nil {
		l.IntegratedPayoff = *b
	}
	l.Extra = o.extra()
	return nil
}

// Lenders lists lenders: GET /lenders?name=&integratedPayoffOnly=&customerAuthorizationRequired=, which answers
// {lenders: [...], requestUrl}. Vendor accounts only. 400 for a name of less than three characters (remote document:
// Vendor API, Lenders).
func (c *Client) Lenders(ctx context.Context, q LenderQuery) ([]Lender, error) {
	var a lendersAnswer
	if _, err := c.api.Do(ctx, LendersRequest(q), &a); err != nil {
		return nil, err
	}
	return a, nil
}

// LendersRequest is what Lenders sends.
func LendersRequest(q LenderQuery) api.Request {
	values := map[string]string{"name": q.Name}
	if q.IntegratedPayoffOnly {
		values["integratedPayoffOnly"] = "true"
	}
	if q.CustomerAuthorization != nil {
		values["customerAuthorizationRequired"] = strconv.FormatBool(*q.CustomerAuthorization)
	}
	r := api.Request{Op: "search lenders", Method: http.MethodGet, Path: []string{"lenders"}, Query: api.Values(values)}
	const least = 3
	return invalid(r, q.Name != "" && utf8.RuneCountInString(q.Name) < least, "give at least three letters of the lender's name")
}

type lendersAnswer []Lender

// UnmarshalJSON implements json.Unmarshaler.
func (a *lendersAnswer) UnmarshalJSON(raw []byte) error {
	list := json.RawMessage(raw)
	if isObject(raw) {
		o, err := parseObject(raw)
		if err != nil {
			return err
		}
		list = o["lenders"]
	}
	lenders, ok := asParts[Lender](list)
	if !ok {
		return errors.New("it has no list of lenders")
	}
	*a = lenders
	return nil
}
