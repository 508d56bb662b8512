package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
)

// Bounds on what may be asked.
const (
	MaxQuery = 1 << 20   // bytes of a query
	MaxText  = 256 << 10 // bytes of a scenario in it

	mostEvents   = 200_000
	mostActs     = 1_000
	mostBranches = 50
	mostAnswers  = 300
	mostClaims   = 100
)

// query is what is asked: the whole state, and perhaps a command. What is left out has
// its default, so that links stay short.
type query struct {
	Scenario string          `json:"scenario,omitempty"` // a bundled one; beside a text, the name of its file
	Text     *string         `json:"text,omitempty"`
	Edition  string          `json:"edition,omitempty"`
	Rules    map[string]bool `json:"rules,omitempty"`
	Seed     string          `json:"seed,omitempty"`
	Branches []branch        `json:"branches,omitempty"` // from number 1 on; 0 is the scenario itself
	Branch   int             `json:"branch,omitempty"`
	At       int             `json:"at,omitempty"`
	Chosen   string          `json:"chosen,omitempty"`
	Instance string          `json:"instance,omitempty"`
	Hide     bool            `json:"hide,omitempty"`    // the run is presented
	Predict  bool            `json:"predict,omitempty"` // what comes is hidden, and asked
	Plain    bool            `json:"plain,omitempty"`   // a lesson or an exercise as a mere run
	Taken    *session.Taken  `json:"taken,omitempty"`
	Compare  *int            `json:"compare,omitempty"`

	// Only of a request.
	Do  string `json:"do,omitempty"`
	Ask string `json:"ask,omitempty"`
}

// branch is a future that was made by hand: by acts, or as its parent under other rules.
type branch struct {
	Parent int             `json:"parent"`
	After  int             `json:"after,omitempty"`
	Acts   []act           `json:"acts,omitempty"` // since it parted from its parent
	Rules  map[string]bool `json:"rules,omitempty"`
}

type act struct {
	After int    `json:"after"`
	Do    string `json:"do"`
}

// faults are what is wrong with a query or its scenario, by an error.
func faults(err error) scenarios.Diagnostics {
	var all scenarios.Diagnostics
	if errors.As(err, &all) {
		return all[:min(len(all), 100)]
	}
	message, hint, _ := strings.Cut(err.Error(), "\n")
	return scenarios.Diagnostics{{Message: message, Hint: strings.TrimSpace(hint)}}
}

func decode(data []byte, into any) error {
	if len(data) > MaxQuery {
		return errors.New("a query has at most 1 MiB")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New("this is no query: " + err.Error())
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("this is no query: something follows it")
	}
	return nil
}

func (q *query) check() error {
	acts := 0
	for i, b := range q.Branches {
		acts += len(b.Acts)
		if b.Parent < 0 || b.Parent > i {
			return errors.New("branch " + strconv.Itoa(i+1) + " has no parent before it")
		}
		if len(b.Acts) == 0 && len(b.Rules) == 0 {
			return errors.New("branch " + strconv.Itoa(i+1) + " changes nothing")
		}
		if err := checkRules(b.Rules); err != nil {
			return err
		}
		for k, a := range b.Acts {
			if a.After < 0 || a.After > mostEvents {
				return errors.New("there is no event " + strconv.Itoa(a.After))
			}
			if k > 0 && a.After < b.Acts[k-1].After {
				return errors.New("the decisions of branch " + strconv.Itoa(i+1) + " are not in their order")
			}
		}
	}
	switch {
	case q.Text != nil && len(*q.Text) > MaxText:
		return errors.New("a scenario has at most 256 KiB here")
	case len(q.Branches) > mostBranches:
		return errors.New("there are at most " + strconv.Itoa(mostBranches) + " branches\nsave the one to go on with, and open the file")
	case acts > mostActs:
		return errors.New("at most " + strconv.Itoa(mostActs) + " decisions are by hand\nsave the branch, and open the file")
	case q.At < 0 || q.At > mostEvents:
		return errors.New("there is no event " + strconv.Itoa(q.At))
	case q.Taken != nil && (len(q.Taken.Answers) > mostAnswers || len(q.Taken.Claims) > mostClaims):
		return fmt.Errorf("at most %d answers and %d claims are taken", mostAnswers, mostClaims)
	}
	named := []int{q.Branch}
	if q.Compare != nil {
		named = append(named, *q.Compare)
	}
	if q.Taken != nil {
		for _, a := range q.Taken.Answers {
			named = append(named, a[2])
		}
	}
	for _, n := range named {
		if n < 0 || n > len(q.Branches) {
			return errors.New("there is no branch " + strconv.Itoa(n))
		}
	}
	if _, ok := protocol.EditionByName(q.Edition); !ok && q.Edition != "" {
		return errors.New("there is no edition " + strconv.Quote(q.Edition) + "\n" + scenarios.EditionHint(q.Edition))
	}
	if _, err := strconv.ParseUint(q.Seed, 10, 64); err != nil && q.Seed != "" {
		return errors.New("a seed is a whole number, 0 to 18446744073709551615")
	}
	return checkRules(q.Rules)
}

func checkRules(rules map[string]bool) error {
	for name := range rules {
		if _, ok := protocol.RuleByName(name); !ok {
			return unknownRule(name)
		}
	}
	return nil
}

func unknownRule(name string) error {
	return errors.New("there is no rule " + strconv.Quote(name) + "\n" + scenarios.RuleHint(name))
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// settings are rules turned on or off, in the order in which they are explained.
func settings(rules map[string]bool) []scenarios.RuleSetting {
	var list []scenarios.RuleSetting
	for _, r := range protocol.RuleTable() {
		if on, ok := rules[r.Name]; ok {
			list = append(list, scenarios.RuleSetting{Rule: r.Name, On: on})
		}
	}
	return list
}

func (q *query) overrides() scenarios.Overrides {
	o := scenarios.Overrides{Edition: q.Edition, Rules: settings(q.Rules)}
	if seed, err := strconv.ParseUint(q.Seed, 10, 64); err == nil {
		o.Seed = &seed
	}
	return o
}

func (q *query) file() (*scenarios.File, error) {
	if q.Text != nil {
		return scenarios.Decode(q.Scenario, []byte(*q.Text))
	}
	entry, err := scenarios.Find(q.Scenario)
	if err != nil {
		return nil, err
	}
	return entry.Decode()
}

// taught reports whether a lesson or an exercise is asked for as such. With other rules or
// another seed it is only a run.
func (q *query) taught() bool {
	e, ok := scenarios.FindTaught(q.Scenario)
	return !q.Plain && q.Edition == "" && q.Rules == nil && q.Seed == "" && (q.Text != nil || ok && e.Taught() == q.Scenario)
}
