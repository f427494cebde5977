package systems

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"claimdeck/api"
	"claimdeck/api/inscipher"
	"claimdeck/state/config"
	"claimdeck/state/filing"
)

// Filings is InsCipher as the batch engine of package filing needs it.
type Filings struct {
	client *inscipher.Client
	chunk  int
	now    func() time.Time
}

var _ filing.Service = (*Filings)(nil)

func openFilings(o Options) (*Filings, error) {
	account := o.Profile.InsCipher
	client, err := inscipher.New(inscipher.Options{
		BaseURL: account.URL, Path: account.Path, ResultsPath: account.ResultsPath,
		Auth: inscipher.Auth(account.Auth), KeyName: account.Key, Credentials: o.Credentials(config.InsCipher), API: o.transport(),
	})
	if err != nil {
		return nil, err
	}
	return &Filings{client: client, chunk: account.Chunk, now: o.Now}, nil
}

// Chunk is how many filings the profile sends at once.
func (f *Filings) Chunk() int { return f.chunk }

// Base returns the address of the service.
func (f *Filings) Base() string { return f.client.Base() }

// Send implements filing.Service: one import, sent once.
func (f *Filings) Send(ctx context.Context, rows []json.RawMessage) (filing.Answer, error) {
	b, err := f.client.Submit(ctx, rows)
	return answerOf(b), faultOf(err)
}

// Results implements filing.Service.
func (f *Filings) Results(ctx context.Context, batchID string) (filing.Answer, error) {
	b, err := f.client.Results(ctx, batchID)
	err = faultOf(err)
	// Of a batch that the service lost, or could not process, nothing more can be learnt.
	if fault, ok := errors.AsType[*filing.Fault](err); ok && (errors.Is(fault, api.ErrNotFound) || errors.Is(fault, inscipher.ErrBatchFailed)) {
		fault.Unknown, fault.Fatal = true, false
	}
	return answerOf(b), err
}

func answerOf(b inscipher.Batch) filing.Answer {
	a := filing.Answer{BatchID: b.ID, Queued: b.Queued}
	for _, r := range b.Rows {
		row := filing.RowAnswer{
			ID: r.Key, PolicyNumber: r.PolicyNumber, TransactionID: r.TransactionID, Code: r.Code, Message: r.Message,
		}
		if r.Status != inscipher.NoStatus {
			row.Code = strconv.Itoa(r.Status)
		}
		row.Queued = b.Queued && r.Status == inscipher.NoStatus
		for _, w := range r.Warnings {
			row.Warnings = append(row.Warnings, filing.Remark{Field: w.Field, Text: w.Text})
		}
		a.Rows = append(a.Rows, row)
	}
	return a
}

// faultOf says what the batch engine can do about an error.
func faultOf(err error) error {
	if err == nil {
		return nil
	}
	e, ok := api.AsError(err)
	if !ok {
		return err
	}
	fault := &filing.Fault{Err: e, After: e.After}
	switch {
	case errors.Is(e, api.ErrUnauthorized):
		fault.SignIn = true
	case errors.Is(e, api.ErrRateLimited):
		fault.Busy = true
	case errors.Is(e, api.ErrTooLarge), e.Status == http.StatusRequestEntityTooLarge:
		fault.TooLarge = true
	case e.Refused() && e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity:
		fault.Fatal = true
	}
	return fault
}
