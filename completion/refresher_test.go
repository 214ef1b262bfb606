package completion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A scripted server answers from a table, counts what it was asked, and notices two questions at a time.
type scripted struct {
	mu      sync.Mutex // guards what follows
	answers map[string]string
	asked   []string
	times   []time.Time
	busy    int
	err     error
	hold    time.Duration
}

type refusal struct{ class string }

func (r refusal) Error() string    { return "refused: " + r.class }
func (r refusal) QMPClass() string { return r.class }

func (s *scripted) Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	s.mu.Lock()
	s.asked = append(s.asked, strings.TrimSpace(name+" "+string(arguments)))
	s.times = append(s.times, time.Now())
	s.busy++
	if arguments != nil && !json.Valid(arguments) {
		s.err = fmt.Errorf("%s has arguments that are no JSON", name)
	}
	if s.busy > 1 {
		s.err = errors.New("two queries at a time")
	}
	hold, err := s.hold, s.err
	answer, ok := s.answers[name]
	s.mu.Unlock()
	if hold > 0 {
		select {
		case <-time.After(hold):
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refusal{"GenericError"}
	}
	return json.RawMessage(answer), nil
}

func (s *scripted) set(name, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[name] = answer
}

func (s *scripted) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// inTime runs a test of a refresher on a clock of its own.
func inTime(t *testing.T, server *scripted, test func(r *Refresher)) {
	t.Helper()
	s := schema(t)
	synctest.Test(t, func(t *testing.T) {
		r := NewRefresher(server, s)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		test(r)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	})
}

func show(values []Value, known bool) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.Text
	}
	return fmt.Sprintf("%s known=%v", strings.Join(names, " "), known)
}

func expect(t *testing.T, r *Refresher, kind Kind, scope, want string) {
	t.Helper()
	if got := show(r.Values(kind, scope)); got != want {
		t.Errorf("%s %s: %s, want %s", kind, scope, got, want)
	}
}

func TestValuesComeInTheBackground(t *testing.T) {
	server := &scripted{answers: map[string]string{"query-chardev": `[{"label": "mon", "filename": "pty"}]`}}
	inTime(t, server, func(r *Refresher) {
		expect(t, r, Chardev, "", " known=false")
		expect(t, r, Chardev, "", " known=false")
		<-r.Changed()
		expect(t, r, Chardev, "", "mon known=true")
		time.Sleep(atLeast)
		expect(t, r, Chardev, "", "mon known=true")
		if asked := server.questions(); len(asked) != 1 {
			t.Errorf("asked %q: once is enough", asked)
		}
	})
}

func TestOneQueryAtATimeAndNotManyInASecond(t *testing.T) {
	server := &scripted{answers: map[string]string{}, hold: 5 * time.Millisecond}
	inTime(t, server, func(r *Refresher) {
		for i := range 20 {
			r.Values(QOM, fmt.Sprintf("/machine/%d", i))
		}
		time.Sleep(time.Minute)
		server.mu.Lock()
		defer server.mu.Unlock()
		if server.err != nil || len(server.times) != 20 {
			t.Errorf("%d queries, %v", len(server.times), server.err)
		}
		for i := 1; i < len(server.times); i++ {
			if gap := server.times[i].Sub(server.times[i-1]); gap < pause {
				t.Errorf("a gap of %v", gap)
			}
		}
		if first := server.asked[:2]; !slices.Contains(first, `qom-list {"path":"/machine/19"}`) {
			t.Errorf("asked %q first: what was wanted last is what the user looks at", first)
		}
	})
}

func TestEventsMakeValuesStale(t *testing.T) {
	server := &scripted{answers: map[string]string{"query-block-jobs": `[{"device": "j1"}]`, "query-chardev": `[]`}}
	inTime(t, server, func(r *Refresher) {
		r.Values(BlockJob, "")
		<-r.Changed()
		server.set("query-block-jobs", `[]`)
		r.Event("BLOCK_JOB_COMPLETED")
		expect(t, r, BlockJob, "", "j1 known=true") // not asked again at once, whatever the rate of the events
		time.Sleep(atLeast)
		expect(t, r, BlockJob, "", "j1 known=false")
		<-r.Changed()
		expect(t, r, BlockJob, "", " known=true")
		before := len(server.questions())
		r.Event("STOP")
		time.Sleep(atLeast)
		expect(t, r, BlockJob, "", " known=true")
		if after := len(server.questions()); after != before {
			t.Errorf("STOP made %d queries", after-before)
		}
	})
}

func TestAnEventDuringTheQueryIsNotMissed(t *testing.T) {
	server := &scripted{answers: map[string]string{"query-block-jobs": `[{"device": "j1"}]`}, hold: time.Second}
	inTime(t, server, func(r *Refresher) {
		r.Values(BlockJob, "")
		time.Sleep(pause + time.Second/2)
		r.Event("BLOCK_JOB_COMPLETED")
		server.set("query-block-jobs", `[]`)
		<-r.Changed()
		expect(t, r, BlockJob, "", "j1 known=false")
		<-r.Changed()
		expect(t, r, BlockJob, "", " known=true")
	})
}

func TestCommandsOfTheUserMakeValuesStale(t *testing.T) {
	server := &scripted{answers: map[string]string{"query-chardev": `[]`, "query-machines": `[]`}}
	inTime(t, server, func(r *Refresher) {
		r.Values(Chardev, "")
		<-r.Changed()
		r.Values(MachineType, "")
		<-r.Changed()
		r.Ran("query-status")
		expect(t, r, Chardev, "", " known=true")
		server.set("query-chardev", `[{"label": "new"}]`)
		r.Ran("chardev-add")
		expect(t, r, Chardev, "", " known=false")
		<-r.Changed()
		expect(t, r, Chardev, "", "new known=true")
		expect(t, r, MachineType, "", " known=true") // fixed for the life of the server
	})
}

func TestRefusalsAreAnswersAndBrokenLinksAreNot(t *testing.T) {
	server := &scripted{answers: map[string]string{}}
	inTime(t, server, func(r *Refresher) {
		r.Values(QOM, "/nowhere")
		<-r.Changed()
		expect(t, r, QOM, "/nowhere", " known=true")
		server.mu.Lock()
		server.err = errors.New("link lost")
		server.mu.Unlock()
		r.Values(Chardev, "")
		time.Sleep(time.Second)
		expect(t, r, Chardev, "", " known=false")
		time.Sleep(time.Second)
		expect(t, r, Chardev, "", " known=false")
		if asked := server.questions(); len(asked) != 2 {
			t.Errorf("asked %q: a lost link is not asked again and again", asked)
		}
		server.mu.Lock()
		server.err = nil
		server.mu.Unlock()
		r.Expire()
		r.Values(Chardev, "")
		<-r.Changed()
	})
}

func TestTheCacheStaysSmall(t *testing.T) {
	server := &scripted{answers: map[string]string{"qom-list": `[]`}}
	inTime(t, server, func(r *Refresher) {
		for i := range 3 * mostKept {
			r.Values(QOM, fmt.Sprintf("/%d", i))
			time.Sleep(2 * pause)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.cache) > mostKept {
			t.Errorf("%d entries", len(r.cache))
		}
	})
}

func TestAnotherServerStartsAnew(t *testing.T) {
	server := &scripted{answers: map[string]string{"query-chardev": `[{"label": "mon"}]`}}
	inTime(t, server, func(r *Refresher) {
		r.Values(Chardev, "")
		<-r.Changed()
		r.SetSchema(nil)
		expect(t, r, Chardev, "", " known=true")
		r.SetSchema(schema(t))
		expect(t, r, Chardev, "", " known=false")
		<-r.Changed()
	})
}

// kinds are all kinds with a source, and a scope for those that need one.
var kinds = map[Kind]string{
	Node: "", Block: "", BlockQdev: "", Bitmap: "drive0", Snapshot: "", ThrottleGroup: "", Export: "", Job: "", BlockJob: "",
	Qdev: "", Bus: "", Object: "", QOM: "/machine", Property: "/machine", Netdev: "", NetClient: "", NetCard: "", Chardev: "",
	DeviceType: "", ObjectType: "", QOMType: "", DeviceProperty: "virtio-net-pci", ObjectProperty: "iothread",
	MachineType: "", CPUModel: "", VCPU: "", Display: "", ClientProtocol: "", Capability: "", Parameter: "max-bandwidth",
	FDSet: "", Yank: "chardev", TraceEvent: "", Stats: "", CommandOption: "", Virtio: "", HMP: "",
}

// Whatever kind is asked for, only questions are sent, of commands that the schema has.
func TestOnlyQuestionsAreAsked(t *testing.T) {
	for _, s := range bothSchemas(t) {
		server := &scripted{answers: map[string]string{}}
		for kind, scope := range kinds {
			source := sourceOf(kind)
			if source.fetch == nil {
				t.Errorf("%s has no source", kind)
				continue
			}
			a := asker{ctx: t.Context(), caller: server, schema: s}
			if _, err := source.fetch(&a, scope); errors.Is(err, errRefused) {
				t.Errorf("%s asks for what is no query", kind)
			}
			if server.err != nil {
				t.Fatal(server.err)
			}
			for _, command := range source.commands {
				if !bothHave(t, command) {
					t.Errorf("%s: no server has %s", kind, command)
				}
			}
		}
		for _, question := range server.questions() {
			command, arguments, _ := strings.Cut(question, " ")
			if s.Command(command) == nil {
				t.Errorf("asked %s, which the schema does not have", command)
			}
			if problems := s.Check(command, json.RawMessage(arguments)); len(problems) > 0 && !problems[0].Warning {
				t.Errorf("%s: %s", question, problems[0].Message)
			}
			if strings.HasPrefix(question, "human-monitor-command") &&
				!strings.HasSuffix(question, `"help"}`) && !strings.HasSuffix(question, `"info network"}`) && !strings.HasSuffix(question, `"info qdm"}`) {
				t.Errorf("asked %s", question)
			}
		}
	}
}

func bothHave(t *testing.T, command string) bool {
	t.Helper()
	for _, s := range bothSchemas(t) {
		if s.Command(command) != nil {
			return true
		}
	}
	return false
}

func TestDeviceTypesAreDescribed(t *testing.T) {
	types := deviceTypes("Network devices:\r\nname \"e1000\", bus PCI, alias \"e1000-82540em\", desc \"Intel Gigabit Ethernet\"\r\n" +
		"name \"virtio-net-pci\", bus PCI\r\nname \"lan9118\", bus System, no-user\r\n\r\nMisc devices:\r\nname \"x\"\r\n")
	for name, want := range map[string]deviceType{
		"e1000": {"Intel Gigabit Ethernet, PCI", false}, "virtio-net-pci": {"network device, PCI", false},
		"lan9118": {"network device, System", true}, "x": {"misc device", false},
	} {
		if types[name] != want {
			t.Errorf("%s: %+v, want %+v", name, types[name], want)
		}
	}
}

// To tell what this type has would crash the server.
func TestAQuestionThatDoesHarmIsNotAsked(t *testing.T) {
	server := &scripted{answers: map[string]string{"qom-list-properties": `[{"name":"notify_dev","type":"string"}]`}}
	inTime(t, server, func(r *Refresher) {
		r.Values(ObjectProperty, "colo-compare")
		r.Values(ObjectProperty, "secret")
		synctest.Wait()
		time.Sleep(time.Second)
		expect(t, r, ObjectProperty, "colo-compare", " known=true")
		expect(t, r, ObjectProperty, "secret", "notify_dev known=true")
	})
	if asked := server.questions(); len(asked) != 1 {
		t.Errorf("asked %q", asked)
	}
}
