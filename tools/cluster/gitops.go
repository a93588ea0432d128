// One sync of a folder's manifests into a namespace, as the controller of Argo CD does it with the same engine: compared,
// a step of the sync, compared anew, until it is over.
//
//	gitops NAMESPACE FILE
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/argoproj/gitops-engine/pkg/cache"
	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/tracing"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2/klogr"
)

// Whose a resource is; Argo CD keeps it in a label or an annotation of its own.
const mark = "gitops.quan-so.vn/of"

const limit = 15 * time.Minute

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(namespace, file string) error {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	target, err := kube.SplitYAML(text)
	if err != nil {
		return err
	}
	for _, one := range target {
		annotations := one.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[mark] = namespace
		one.SetAnnotations(annotations)
	}
	log := klogr.New()
	live := cache.NewClusterCache(config, cache.SetNamespaces([]string{namespace}), cache.SetLogr(log),
		cache.SetPopulateResourceInfoHandler(func(one *unstructured.Unstructured, _ bool) (interface{}, bool) {
			ours := one.GetAnnotations()[mark] == namespace
			return ours, ours
		}))
	if err := live.EnsureSynced(); err != nil {
		return err
	}
	defer live.Invalidate()
	kubectl := &kube.KubectlCmd{Log: log, Tracer: tracing.NopTracer{}}
	var phase common.OperationPhase = common.OperationRunning
	var message string
	var results []common.ResourceSyncResult
	began := metav1.Now()
	for ends := time.Now().Add(limit); !phase.Completed(); time.Sleep(time.Second) {
		if time.Now().After(ends) {
			return fmt.Errorf("not over within %s: %s", limit, message)
		}
		managed, err := live.GetManagedLiveObjs(target, func(one *cache.Resource) bool { return one.Info == true })
		if err != nil {
			return err
		}
		step, cleanup, err := sync.NewSyncContext("test", sync.Reconcile(target, managed, namespace, live), config, config, kubectl, namespace, live.GetOpenAPISchema(),
			sync.WithInitialState(phase, message, results, began), sync.WithPrune(true), sync.WithLogr(log))
		if err != nil {
			return err
		}
		step.Sync()
		phase, message, results = step.GetState()
		cleanup()
	}
	for _, one := range results {
		fmt.Printf("%s %s %s\n", one.SyncPhase, one.ResourceKey.String(), one.Message)
	}
	if !phase.Successful() {
		return fmt.Errorf("%s: %s", phase, message)
	}
	return nil
}
