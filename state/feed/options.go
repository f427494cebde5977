package feed

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"claimdeck/state/activity"
)

// Pace is how long the syncer waits between two polls.
type Pace struct {
	Fast   time.Duration // while a person acts or waits for a confirmation; default 1 s
	Normal time.Duration // default 5 s
	Idle   time.Duration // while nobody looks; default 20 s
	Max    time.Duration // the longest wait after failures; default 2 min
}

// Options of a syncer. Source, Journal, Now and Wait are required.
type Options struct {
	Source  Source
	Journal Journal
	Now     func() time.Time
	Wait    func(ctx context.Context, d time.Duration) error
	Rand    func() float64 // jitter, in [0,1); nil: math/rand
	Log     *slog.Logger   // nil: none

	Lookback time.Duration // how far back the very first walk goes; default 24 h
	PageSize int           // default 500, the service's maximum

	// Overlap is how late a row may be committed after its createdAt and still be found by the next short sweep;
	// default 2 min. Deep is the same for the deep sweeps, which follow the start, a gap and every DeepEvery.
	Overlap    time.Duration
	SweepEvery time.Duration // default 1 min
	Deep       time.Duration // default 2 h
	DeepEvery  time.Duration // default 30 min

	// SlicePages is the number of pages from which on a walk is cut into slices of time, oldest first, so that a
	// long catch-up is kept slice by slice and needs little memory; default 40.
	SlicePages int
	// GapAfter is how long the feed must have gone unread to be worth telling a person; default 10 min.
	GapAfter time.Duration

	// Lead makes this process the poller of the profile on this machine; ok is false while another one is. nil: it
	// always is.
	Lead func() (release func(), ok bool)
	// OnAdded is called after a commit with what it added. It must not block, nor start a walk.
	OnAdded func(ctx context.Context, added []activity.Activity)
	Pace    Pace
}

func (o *Options) fill() {
	durations := []struct {
		at *time.Duration
		d  time.Duration
	}{
		{&o.Lookback, 24 * time.Hour},
		{&o.Overlap, 2 * time.Minute},
		{&o.SweepEvery, time.Minute},
		{&o.Deep, 2 * time.Hour},
		{&o.DeepEvery, 30 * time.Minute},
		{&o.GapAfter, 10 * time.Minute},
		{&o.Pace.Fast, time.Second},
		{&o.Pace.Normal, 5 * time.Second},
		{&o.Pace.Idle, 20 * time.Second},
		{&o.Pace.Max, 2 * time.Minute},
	}
	for _, each := range durations {
		if *each.at <= 0 {
			*each.at = each.d
		}
	}
	if o.PageSize <= 0 {
		o.PageSize = 500
	}
	if o.SlicePages <= 0 {
		o.SlicePages = 40
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.OnAdded == nil {
		o.OnAdded = func(context.Context, []activity.Activity) {}
	}
	if o.Lead == nil {
		o.Lead = func() (func(), bool) { return func() {}, true }
	}
}
