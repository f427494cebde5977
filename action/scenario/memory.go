package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Memory keeps small values; *store.Store implements it.
type Memory interface {
	Setting(ctx context.Context, name string) (string, bool, error)
	SetSetting(ctx context.Context, name, value string) error
}

// Fired is a claim that was created with a VIN, or a trigger that was fired on one. The outbox knows neither.
type Fired struct {
	At      time.Time `json:"at"`
	ClaimID string    `json:"claimId"`
	Number  string    `json:"claimNumber,omitempty"`
	VIN     string    `json:"vin,omitempty"`
	Trigger string    `json:"trigger,omitempty"`
}

const (
	memoryName = "studio.fired"
	maxFired   = 200 // kept; older ones are forgotten
)

// remember adds what a person fired to the memory. Forgetting is no failure of a run.
func (r *Run) remember(ctx context.Context, f Fired) {
	m := r.s.o.Memory
	if m == nil || !r.sc.person {
		return
	}
	all, err := Remembered(ctx, m, time.Time{})
	if err != nil {
		all = nil
	}
	all = append(all, f)
	if over := len(all) - maxFired; over > 0 {
		all = all[over:]
	}
	if raw, err := json.Marshal(all); err == nil {
		_ = m.SetSetting(ctx, memoryName, string(raw)) // a recording lacks it then
	}
}

// Remembered returns what was fired since a time, oldest first.
func Remembered(ctx context.Context, m Memory, since time.Time) ([]Fired, error) {
	raw, ok, err := m.Setting(ctx, memoryName)
	if err != nil || !ok {
		return nil, err
	}
	var all, recent []Fired
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return nil, fmt.Errorf("what was fired cannot be read: %w", err)
	}
	for _, f := range all {
		if !f.At.Before(since) {
			recent = append(recent, f)
		}
	}
	return recent, nil
}
