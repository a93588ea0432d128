{{/* Names and labels; the only helpers beside the environment. The chart's name is the alias it is used under. */}}

{{- define "service.services" -}}
{{- (.Values.services | default (list .Chart.Name)) | join "," -}}
{{- end }}

{{- define "service.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "service.labels" -}}
{{ include "service.selector" . }}
app.kubernetes.io/version: {{ include "service.tag" . | quote }}
app.kubernetes.io/part-of: quan-so
app.kubernetes.io/managed-by: {{ .Release.Service }}
quan-so.vn/layer: {{ .Values.layer }}
{{- end }}

{{- define "service.tag" -}}
{{- .Values.image.tag | default .Values.global.images.services | default .Chart.AppVersion -}}
{{- end }}

{{- define "service.image" -}}
{{- $name := printf "%s/%s" (.Values.global.imageRegistry | trimSuffix "/") .Values.global.image.repository -}}
{{- if .Values.image.digest }}{{ $name }}@{{ .Values.image.digest }}{{ else }}{{ $name }}:{{ include "service.tag" . }}{{ end -}}
{{- end }}

{{/* A pod that the standard "restricted" takes: nobody's user, no rights, nothing written but /tmp. */}}
{{- define "service.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "service.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Layers from the given one upward: who may call. */}}
{{- define "service.above" -}}
{{- $seen := list -}}
{{- $done := false -}}
{{- range .Values.global.layers -}}
{{- if not $done }}{{ $seen = append $seen . }}{{ end -}}
{{- if eq . $.Values.layer }}{{ $done = true }}{{ end -}}
{{- end -}}
{{- $seen | toJson -}}
{{- end }}

{{/* Layers from the given one downward: who may be called. */}}
{{- define "service.below" -}}
{{- $seen := list -}}
{{- $on := false -}}
{{- range .Values.global.layers -}}
{{- if eq . $.Values.layer }}{{ $on = true }}{{ end -}}
{{- if $on }}{{ $seen = append $seen . }}{{ end -}}
{{- end -}}
{{- $seen | toJson -}}
{{- end }}

{{/* Before install and upgrade with Helm, before each sync with Argo CD (which then does not look at Helm's own). */}}
{{- define "service.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation
argocd.argoproj.io/hook: PreSync
argocd.argoproj.io/sync-wave: {{ . | quote }}
argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
{{- end }}
