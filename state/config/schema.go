package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// object is a JSON object; encoding/json writes its keys sorted, so the schema is always the same.
type object = map[string]any

// Schema returns a JSON schema (2020-12) of config.toml, made from the tags of Profile, for editors that check and
// complete while one types. It ends with a line break.
func Schema() ([]byte, error) {
	top := object{
		"default_profile": object{"type": "string", "description": "the profile to use when none is named"},
		"profile": object{
			"type":                 "object",
			"description":          "the profiles by name",
			"propertyNames":        object{"pattern": "^[a-z0-9][a-z0-9_-]{0,31}$"},
			"additionalProperties": tableSchema(reflect.TypeFor[Profile]()),
		},
	}
	top[templatesTable] = object{
		"type":                 "object",
		"description":          "beginnings of messages by name; {claim}, {vin}, {vehicle}, {lender}, {owner}, {payoff}, {per_diem}, {good_through} and {settlement} are filled in",
		"additionalProperties": object{"type": "string"},
	}
	for _, f := range fieldsOf(&Profile{}) {
		if f.top {
			top[f.key] = f.schema()
		}
	}
	data, err := json.MarshalIndent(object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "claimdeck configuration",
		"type":                 "object",
		"properties":           top,
		"additionalProperties": false,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(data, '\n'), nil
}

func tableSchema(t reflect.Type) object {
	properties := object{}
	for sf := range t.Fields() {
		name, ok := sf.Tag.Lookup("toml")
		if !ok {
			continue
		}
		if sf.Type.Kind() == reflect.Struct {
			table := tableSchema(sf.Type)
			table["description"] = sf.Tag.Get("help")
			properties[name] = table
			continue
		}
		properties[name] = fieldOf(sf).schema()
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// schema describes one setting.
func (f field) schema() object {
	s := object{"description": f.help}
	switch {
	case f.typ == reflect.TypeFor[time.Duration]():
		s["oneOf"] = []any{
			object{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^0$`},
			object{"const": 0},
		}
	case f.typ.Kind() == reflect.Bool:
		s["type"] = "boolean"
	case f.typ.Kind() == reflect.Int:
		s["type"] = "integer"
	default:
		s["type"] = "string"
	}
	if f.enum != nil {
		s["enum"] = f.enum
	}
	if f.fallback != "" {
		s["default"] = f.fallback
		switch b, n := f.fallback == "true", json.Number(f.fallback); f.typ.Kind() {
		case reflect.Bool:
			s["default"] = b
		case reflect.Int:
			s["default"] = n
		default:
		}
	}
	return s
}
