package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimdeck/state/config/lines"
)

// field is one setting as the tags of Profile describe it.
type field struct {
	key      string // "lossexpress.url"
	help     string
	fallback string // as it would be written in an environment variable; empty: none
	enum     []string
	top      bool // may stand at the top of the file
	index    []int
	typ      reflect.Type
}

// fieldsOf returns the settings of a profile in the order of the struct.
func fieldsOf(p *Profile) []field {
	var all []field
	collect(reflect.TypeOf(*p), "", nil, &all)
	return all
}

func collect(t reflect.Type, prefix string, index []int, all *[]field) {
	for i := range t.NumField() {
		sf := t.Field(i)
		name, ok := sf.Tag.Lookup("toml")
		if !ok {
			continue
		}
		at := append(slices.Clone(index), i)
		if sf.Type.Kind() == reflect.Struct {
			collect(sf.Type, prefix+name+".", at, all)
			continue
		}
		f := fieldOf(sf)
		f.key, f.index = prefix+name, at
		*all = append(*all, f)
	}
}

// fieldOf reads the tags of one setting; its key and index follow from where it stands.
func fieldOf(sf reflect.StructField) field {
	f := field{
		help: sf.Tag.Get("help"), fallback: sf.Tag.Get("default"), top: sf.Tag.Get("top") != "", typ: sf.Type,
	}
	if e := sf.Tag.Get("enum"); e != "" {
		f.enum = strings.Split(e, ",")
	}
	return f
}

// env is the environment variable of the setting: CLAIMDECK_LOSSEXPRESS_CLIENT_ID.
func (f field) env() string {
	return "CLAIMDECK_" + strings.ToUpper(strings.ReplaceAll(f.key, ".", "_"))
}

// system is the remote system of the setting: the first part of its key.
func (f field) system() string {
	name, _, _ := strings.Cut(f.key, ".")
	return name
}

// sideSystem reports whether the setting belongs to a system that a profile may do without.
func (f field) sideSystem() bool {
	return slices.Contains([]string{ClaimCenter, InsCipher, Scalepoint}, f.system())
}

func (f field) value(p *Profile) reflect.Value {
	return reflect.ValueOf(p).Elem().FieldByIndex(f.index)
}

// get returns the value as text, empty for an empty text.
func (f field) get(p *Profile) string {
	switch v := f.value(p).Interface().(type) {
	case time.Duration:
		return duration(v)
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	default:
		return f.value(p).String()
	}
}

// duration writes a duration as people do: 24h, not 24h0m0s.
func duration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// set puts a value of the file or, as a text, of the environment into p.
func (f field) set(p *Profile, v any) error {
	target := f.value(p)
	switch {
	case f.typ == reflect.TypeFor[time.Duration]():
		d, err := f.duration(v)
		if err != nil {
			return err
		}
		target.SetInt(int64(d))
	case f.typ.Kind() == reflect.Bool:
		b, ok := v.(bool)
		if !ok {
			return fmt.Errorf("%s must be true or false, not %s", f.key, lines.Describe(v))
		}
		target.SetBool(b)
	case f.typ.Kind() == reflect.Int:
		n, ok := v.(int64)
		if !ok {
			return fmt.Errorf("%s must be a whole number, not %s", f.key, lines.Describe(v))
		}
		target.SetInt(n)
	default:
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf("%s must be a text in quotes, not %s", f.key, lines.Describe(v))
		}
		if f.enum != nil && !slices.Contains(f.enum, s) {
			return fmt.Errorf("%s must be %s, not %q", f.key, choices(f.enum), s)
		}
		target.SetString(s)
	}
	return nil
}

// setText is set for values that are always texts: those of the environment, and defaults.
func (f field) setText(p *Profile, s string) error {
	switch f.typ.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("%s must be true or false, not %q", f.key, s)
		}
		return f.set(p, b)
	case reflect.Int:
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return fmt.Errorf("%s must be a whole number, not %q", f.key, s)
		}
		return f.set(p, n)
	default:
		return f.set(p, s)
	}
}

func (f field) duration(v any) (time.Duration, error) {
	if v == int64(0) { // nobody writes 0 with a unit
		return 0, nil
	}
	s, ok := v.(string)
	if !ok {
		return 0, fmt.Errorf(`%s must be a duration in quotes, such as "5s" or "24h", not %s`, f.key, lines.Describe(v))
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf(`%s must be a duration such as "5s" or "24h", not %q`, f.key, s)
	}
	return d, nil
}

// choices writes a list of names: "auto", "dark" or "light".
func choices(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}
