package query

import (
	"slices"
	"strings"
	"unicode"

	"claimdeck/state/activity"
)

// maxNear is how many near matches an error names.
const maxNear = 3

// Complete returns how the last part of input may go on, each as the whole input, the likeliest first. What
// continues the input letter by letter comes before what replaces its last part.
func Complete(input string) []string {
	input = strings.ToValidUTF8(input, "\uFFFD")
	list := tokens(input)
	if len(list) == 0 || strings.TrimRightFunc(input, unicode.IsSpace) != input {
		return offers(input, keyOffers(), "")
	}
	last := list[len(list)-1]
	head := input[:last.start]
	value := strings.ToLower(last.value)
	switch last.key {
	case "":
		return slices.DeleteFunc(offers(head, keyOffers(), value), func(s string) bool {
			return !strings.HasPrefix(s, head+value) // a word that only holds a piece of a key means itself
		})
	case keyType:
		before, part := "", value
		if i := strings.LastIndexByte(value, ','); i >= 0 {
			before, part = value[:i+1], strings.TrimSpace(value[i+1:])
		}
		return offers(head+keyType+":"+before, typeOffers(part), part)
	case keySince, keyUntil:
		return offers(head+last.key+":", []string{"1h", "2h", "24h", "7d", "today", "yesterday"}, value)
	}
	return nil
}

// offers returns head with every candidate that starts with typed, except typed itself, then the other ones that
// hold it.
func offers(head string, candidates []string, typed string) []string {
	var first, rest []string
	for _, c := range candidates {
		switch {
		case c == typed:
		case strings.HasPrefix(c, typed):
			first = append(first, head+c)
		case strings.Contains(c, typed):
			rest = append(rest, head+c)
		}
	}
	return append(first, rest...)
}

func keyOffers() []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k + ":"
	}
	return list
}

func typeOffers(part string) []string {
	types := activity.Types()
	if part != "" {
		types = typesLike(part)
	}
	list := make([]string, len(types))
	for i, t := range types {
		list[i] = string(t)
	}
	return list
}

// suggestion names the types that part is nearest to, if it is near to any.
func suggestion(part string) string {
	nearest := max(1, (len(part)+2)/3)
	var names []string
	for _, t := range activity.Types() {
		d := distance(part, string(t))
		for word := range strings.SplitSeq(string(t), "-") {
			d = min(d, distance(part, word))
		}
		if d < nearest {
			nearest, names = d, nil
		}
		if d == nearest {
			names = append(names, string(t))
		}
	}
	if len(names) == 0 {
		return ": try message, counter, payoff, order, guarantee, document, call or claim"
	}
	return ": did you mean " + strings.Join(names[:min(maxNear, len(names))], " or ") + "?"
}

// distance is the Levenshtein distance of two names, by bytes. A long a costs no more than a long name.
func distance(a, b string) int {
	const longest = 64
	a = a[:min(len(a), longest)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := previous
			if a[i] != b[j] {
				substituted++
			}
			previous = row[j+1]
			row[j+1] = min(substituted, row[j]+1, previous+1)
		}
	}
	return row[len(b)]
}
