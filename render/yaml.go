package render

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// yaml writes a value as a YAML document with the server's order and digits.
func (p Printer) yaml(v value) (string, error) {
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(p.yamlNode(v, 0)); err != nil {
		return "", err
	}
	return b.String(), enc.Close()
}

// yamlNode is a value at a depth. What is very deep is written in YAML's flow style, which does not indent.
func (p Printer) yamlNode(v value, depth int) *yaml.Node {
	switch v.Kind {
	case objectKind:
		node := &yaml.Node{Kind: yaml.MappingNode}
		if len(v.Members) == 0 || depth > deepestShown {
			node.Style = yaml.FlowStyle
		}
		for _, m := range v.Members {
			node.Content = append(node.Content, p.yamlString(m.Name), p.yamlNode(m.Value, depth+1))
		}
		return node
	case listKind:
		node := &yaml.Node{Kind: yaml.SequenceNode}
		if len(v.Items) == 0 || depth > deepestShown {
			node.Style = yaml.FlowStyle
		}
		for _, item := range v.Items {
			node.Content = append(node.Content, p.yamlNode(item, depth+1))
		}
		return node
	case stringKind:
		return p.yamlString(v.Text)
	default:
		// Without a tag the digits are written as they are.
		return &yaml.Node{Kind: yaml.ScalarNode, Value: v.Text}
	}
}

func (p Printer) yamlString(s string) *yaml.Node {
	if p.Terminal {
		s = CleanText(s)
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if yamlWord(s) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// yamlWord reports whether readers of YAML 1.1 take the word for a boolean.
func yamlWord(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}
