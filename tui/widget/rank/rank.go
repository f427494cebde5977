// Package rank matches what a person types against names: all letters in order, best where words begin. It is for
// lists of a few hundred names (commands, keys, files of a folder), not for the claims.
package rank

import (
	"slices"
	"strings"
	"unicode"
)

// Scores of a matched word of the query; more is better. A shorter name wins a tie.
const (
	exact     = 1000
	prefix    = 800
	wordStart = 600 // a word of the name begins with it
	inside    = 400 // it stands somewhere in the name
	initials  = 300 // every letter begins a word or follows the last one matched
	scattered = 100
)

// Match reports whether every word of query is found in name, how well, and which runes of name it matched
// (ascending, for highlighting). Case does not matter. An empty query matches everything with score 0.
func Match(query, name string) (score int, at []int, ok bool) {
	words := strings.Fields(query)
	if len(words) == 0 {
		return 0, nil, true
	}
	low := lower(name)
	for _, word := range words {
		s, found, ok := matchWord(lower(word), low)
		if !ok {
			return 0, nil, false
		}
		score += s
		at = append(at, found...)
	}
	if whole := lower(strings.Join(words, " ")); slices.Equal(whole, low) {
		score += exact
	} else if len(whole) <= len(low) && slices.Equal(whole, low[:len(whole)]) {
		score += prefix
	}
	slices.Sort(at)
	return score/len(words)*100 - len(low), slices.Compact(at), true
}

// Ranked is one name that matched.
type Ranked struct {
	Index int   // in the names given
	Score int   // more is better
	At    []int // matched runes
}

// All returns the matches of query among names, best first; equals keep their order. For an empty query all names
// come as they are.
func All(query string, names []string) []Ranked {
	var out []Ranked
	for i, name := range names {
		if score, at, ok := Match(query, name); ok {
			out = append(out, Ranked{Index: i, Score: score, At: at})
		}
	}
	if strings.TrimSpace(query) != "" {
		slices.SortStableFunc(out, func(a, b Ranked) int { return b.Score - a.Score })
	}
	return out
}

func lower(s string) []rune {
	rs := []rune(s)
	for i, r := range rs {
		rs[i] = unicode.ToLower(r)
	}
	return rs
}

func matchWord(word, name []rune) (score int, at []int, ok bool) {
	if i := find(word, name); i >= 0 {
		score = inside
		switch {
		case len(word) == len(name):
			score = exact
		case i == 0:
			score = prefix
		case starts(name, i):
			score = wordStart
		}
		return score, run(i, len(word)), true
	}
	if at, ok = subsequence(word, name, true); ok {
		return initials, at, true
	}
	if at, ok = subsequence(word, name, false); ok {
		return scattered - spread(at), at, true
	}
	return 0, nil, false
}

// find returns where word stands in name, preferably where a word begins, or -1.
func find(word, name []rune) int {
	first := -1
	for i := 0; i+len(word) <= len(name); i++ {
		if !slices.Equal(name[i:i+len(word)], word) {
			continue
		}
		if starts(name, i) {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// subsequence finds the letters of word in name in order. With strict, a letter must begin a word of name or follow
// the letter before it.
func subsequence(word, name []rune, strict bool) ([]int, bool) {
	at := make([]int, 0, len(word))
	i := 0
	for _, r := range word {
		for i < len(name) && (name[i] != r || (strict && !starts(name, i) && !follows(at, i))) {
			i++
		}
		if i == len(name) {
			return nil, false
		}
		at = append(at, i)
		i++
	}
	return at, true
}

func follows(at []int, i int) bool { return len(at) > 0 && at[len(at)-1] == i-1 }

func starts(name []rune, i int) bool {
	return i == 0 || (isWord(name[i]) && !isWord(name[i-1]))
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spread is how far apart the matched letters stand, at most the score of a scattered match.
func spread(at []int) int {
	if len(at) == 0 {
		return 0
	}
	return min(scattered-1, at[len(at)-1]-at[0]+1-len(at))
}

func run(from, n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = from + i
	}
	return at
}
