{{/* Called with (dict "root" $ "part" "postgres"). */}}

{{- define "store.selector" -}}
app.kubernetes.io/name: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "store.labels" -}}
{{ include "store.selector" . }}
app.kubernetes.io/part-of: quan-so-datastores
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "store.meta" -}}
name: {{ .name | default .part }}
namespace: {{ .root.Release.Namespace }}
labels: {{- include "store.labels" . | nindent 2 }}
{{- end }}

{{- define "store.image" -}}
{{- $image := (index .root.Values .part).image -}}
{{- $registry := .root.Values.global.imageRegistry | trimSuffix "/" -}}
{{- $registry }}/{{ $image.repository }}:{{ $image.tag | default (index .root.Values.global.images (.image | default .part)) }}
{{- end }}

{{/* What every pod here has in common. */}}
{{- define "store.pod" -}}
serviceAccountName: {{ .part }}
automountServiceAccountToken: false
enableServiceLinks: false
# A lost node: what has its data there waits for it (to be started elsewhere would take the volume along), the rest does not.
tolerations:
  {{- range $taint := list "not-ready" "unreachable" }}
  - {key: node.kubernetes.io/{{ $taint }}, operator: Exists, effect: NoExecute{{ if not (has $.part (list "postgres" "kafka")) }}, tolerationSeconds: 30{{ end }}}
  {{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - {name: {{ . }}}
{{- end }}
{{- end }}
{{- end }}

{{- define "store.container" -}}
image: {{ include "store.image" . }}
imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "store.claim" -}}
{{- $storage := (index .root.Values .part).storage -}}
- metadata: {name: data}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with $storage.className }}
    storageClassName: {{ . }}
    {{- end }}
    resources: {requests: {storage: {{ $storage.size }}}}
{{- end }}

{{/* Names of the services, from their contracts. */}}
{{- define "store.services" -}}
{{- (.Files.Get "files/contracts.json" | fromJson).users | toJson -}}
{{- end }}

{{/* After install and upgrade with Helm, after each sync with Argo CD. */}}
{{- define "store.after" -}}
helm.sh/hook: post-install,post-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation
argocd.argoproj.io/hook: PostSync
argocd.argoproj.io/sync-wave: {{ . | quote }}
argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
{{- end }}

{{/* Host name that browsers see, without scheme and port. */}}
{{- define "store.keycloakHost" -}}
{{- regexReplaceAll "^https?://([^/:]+).*$" .Values.keycloak.hostname "${1}" -}}
{{- end }}
