package picker

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"claimdeck/state/text"
)

// split cuts the entry into the folder it names, ~ expanded, and the beginning of a name in it.
func (p *Picker) split() (dir, base string) {
	full := p.expand(p.line.Value())
	i := lastSeparator(full)
	dir, base = full[:i+1], full[i+1:]
	if !filepath.IsAbs(dir) {
		start := p.src.Start
		if start == "" {
			start = p.src.Home
		}
		dir = filepath.Join(start, dir)
	}
	return filepath.Clean(dir), base
}

func (p *Picker) expand(s string) string {
	rest, ok := strings.CutPrefix(s, "~")
	if !ok || p.src.Home == "" {
		return s
	}
	if rest == "" {
		return asDir(p.src.Home)
	}
	if os.IsPathSeparator(rest[0]) {
		return p.src.Home + rest
	}
	return s
}

// short writes a path below the home folder with ~, as a person would.
func (p *Picker) short(path string) string {
	home := p.src.Home
	if home == "" || home == string(filepath.Separator) {
		return path
	}
	if rest, ok := strings.CutPrefix(path, home); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		return "~" + rest
	}
	return path
}

func asDir(path string) string {
	if path == "" || os.IsPathSeparator(path[len(path)-1]) {
		return path
	}
	return path + string(filepath.Separator)
}

func lastSeparator(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if os.IsPathSeparator(s[i]) {
			return i
		}
	}
	return -1
}

// pasted undoes what terminals and file managers do to a path that is dropped or pasted: quotes, backslashes before
// spaces, a file URL.
func pasted(s string) string {
	s = strings.TrimSpace(s)
	if n := len(s); n >= 2 && (s[0] == '\'' || s[0] == '"') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	if strings.HasPrefix(s, "file://") {
		if u, err := url.Parse(s); err == nil && u.Path != "" {
			return filepath.FromSlash(u.Path)
		}
	}
	if runtime.GOOS != "windows" {
		s = unescape(s)
	}
	return s
}

// Paths takes the paths out of what was pasted: one a line, or, as terminals write files that are dropped onto them,
// several behind each other, with quotes or backslashes around what is not plain. A text that is no list of absolute
// paths is one path.
func Paths(pasted string) []string {
	var paths []string
	for line := range strings.Lines(pasted) {
		if line = strings.TrimSpace(line); line != "" {
			paths = append(paths, dropped(line)...)
		}
	}
	return paths
}

// dropped splits a line into the absolute paths in it, when it holds several.
func dropped(line string) []string {
	var parts []string
	for _, word := range words(line) {
		path := pasted(word)
		if !filepath.IsAbs(path) && !strings.HasPrefix(path, "~") {
			return []string{pasted(line)}
		}
		parts = append(parts, path)
	}
	if len(parts) < 2 {
		return []string{pasted(line)}
	}
	return parts
}

// words splits at spaces that are neither quoted nor behind a backslash; quotes and backslashes stay.
func words(s string) []string {
	var out []string
	for s = strings.TrimLeft(s, " "); s != ""; s = strings.TrimLeft(s, " ") {
		n := wordEnd(s)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

// wordEnd returns where the first word of s ends.
func wordEnd(s string) int {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == quote:
			quote = 0
		case quote != 0:
		case c == '\\' && runtime.GOOS != "windows":
			i++
		case c == '\'' || c == '"':
			quote = c
		case c == ' ':
			return i
		}
	}
	return len(s)
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// label is a file's name as it may be shown.
func label(name string) string { return text.Line(name) }

// restarted lets a person type an absolute path behind the folder that is filled in: "/home/dana//tmp/a" is "/tmp/a",
// and "/home/dana/~/a" is "~/a". Elsewhere the entry stays as it is.
func restarted(s string) string {
	if runtime.GOOS == "windows" {
		return s // a path may begin with two separators there
	}
	if i := strings.LastIndex(s, "//"); i >= 0 {
		return s[i+1:]
	}
	if i := strings.LastIndex(s, "/~"); i >= 0 {
		return s[i+1:]
	}
	return s
}
