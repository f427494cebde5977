package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/config/nearest"
)

const (
	// lendersWait bounds the question to the lender directory: it is a courtesy, and nobody waits long for one.
	lendersWait = 2 * time.Second
	// leastLetters are what the directory wants of a name.
	leastLetters = 3
	// manyLenders is how many lenders a warning names.
	manyLenders = 3
)

// lenderSearch is an answer of the lender directory, which is believed for as long as the order types are.
type lenderSearch struct {
	beginning string
	at        time.Time
	found     []lossexpress.Lender
	none      bool // the account has no directory
}

// oddLender says that the service does not know a lender yet, and whom it may know it as. Without a directory it says
// nothing: most accounts have none.
func (r *Registry) oddLender(ctx context.Context, name string) []string {
	beginning := beginningOf(name)
	if beginning == "" {
		return nil
	}
	found, ok := r.lendersLike(ctx, beginning)
	if !ok {
		return nil
	}
	var names []string
	for _, l := range found {
		names = append(names, l.LenderName)
		names = append(names, l.Aliases...)
	}
	if slices.ContainsFunc(names, func(n string) bool { return lettersOf(n) == lettersOf(name) }) {
		return nil
	}
	words := fmt.Sprintf("Lender: LossExpress does not know %s yet, and verifies it first", clip(name))
	if closest := closestLender(name, names); closest != "" {
		words += "; is it " + closest + "?"
	} else if alike := slices.DeleteFunc(names, func(n string) bool {
		return !strings.HasPrefix(strings.ToLower(n), strings.ToLower(beginning))
	}); len(alike) > 0 {
		words += "; it knows " + strings.Join(alike[:min(len(alike), manyLenders)], ", ")
	}
	return []string{words}
}

// beginningOf is what a lender's name is searched by: few letters, so that a slip behind them is found. Empty when the
// name is too short to search for.
func beginningOf(name string) string {
	letters := []rune(strings.TrimSpace(name))
	for n := leastLetters; n <= len(letters); n++ {
		if !unicode.IsSpace(letters[n-1]) {
			return string(letters[:n])
		}
	}
	return ""
}

// closestLender is the name that was most likely meant. A name may be typed without its end: "Wells Fargo" of "Wells
// Fargo Auto".
func closestLender(name string, names []string) string {
	byWritten := map[string]string{}
	var written []string
	for _, n := range names {
		lower := []rune(strings.ToLower(n))
		for _, w := range [...]string{string(lower), string(lower[:min(len(lower), len([]rune(name)))])} {
			if byWritten[w] == "" {
				byWritten[w] = n
				written = append(written, w)
			}
		}
	}
	return byWritten[nearest.Name(strings.ToLower(name), written)]
}

// lettersOf is s as names and texts are compared when their layout does not matter: letters and digits, in lower case.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// lendersLike asks the directory, once for the same name in a while. False when it did not answer in time, or there is
// none.
func (r *Registry) lendersLike(ctx context.Context, beginning string) ([]lossexpress.Lender, bool) {
	r.mu.Lock()
	last := r.lenders
	r.mu.Unlock()
	if age := r.deps.Now().Sub(last.at); age >= 0 && age < typesFor && (last.none || last.beginning == beginning) {
		return last.found, !last.none
	}
	ctx, cancel := context.WithTimeout(ctx, lendersWait)
	defer cancel()
	found, err := r.deps.Client.Lenders(ctx, lossexpress.LenderQuery{Name: beginning})
	if err != nil && !noDirectory(err) {
		return nil, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lenders = lenderSearch{beginning: beginning, at: r.deps.Now(), found: found, none: err != nil}
	return found, err == nil
}

// noDirectory reports whether the service says that the account has no lender directory: vendors have one.
func noDirectory(err error) bool {
	return errors.Is(err, api.ErrNotFound) || errors.Is(err, api.ErrForbidden) || errors.Is(err, api.ErrUnsupported)
}
