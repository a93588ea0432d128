{{- define "infrastructure.meta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  app.kubernetes.io/name: {{ .name }}
  app.kubernetes.io/instance: {{ .root.Release.Name }}
  app.kubernetes.io/part-of: quan-so-datastores
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* Cluster that holds a service's database: that of its layer. */}}
{{- define "infrastructure.cluster" -}}
{{- if and .root.Values.postgres.security.enabled (eq .layer "security") }}postgres-security{{ else }}postgres{{ end -}}
{{- end }}

{{/* Host name that browsers see, without scheme and port. */}}
{{- define "infrastructure.keycloakHost" -}}
{{- regexReplaceAll "^https?://([^/:]+).*$" .Values.keycloak.hostname "${1}" -}}
{{- end }}

{{/* The image of a part, moved to the registry of all when there is one. */}}
{{- define "infrastructure.image" -}}
{{- .registry | default .image.registry | trimSuffix "/" }}/{{ .image.repository }}:{{ .image.tag }}
{{- end }}

{{/* After install and upgrade with Helm, after each sync with Argo CD. */}}
{{- define "infrastructure.after" -}}
helm.sh/hook: post-install,post-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation
argocd.argoproj.io/hook: PostSync
argocd.argoproj.io/sync-wave: {{ . | quote }}
argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
{{- end }}
