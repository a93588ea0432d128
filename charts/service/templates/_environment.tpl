{{/* What a pod is told; libs/kernel/service/README.md says what each variable means. */}}

{{/* One service is its own program; several are one that starts them together, which knows all of the house and so answers for all. */}}
{{- define "service.grouped" -}}
{{- if or .Values.services (has .Chart.Name .Values.global.documents) }}yes{{ end -}}
{{- end }}

{{- define "service.args" -}}
{{- if include "service.grouped" . -}}
- apps/all-in-one/dist/group.js
{{- else -}}
- apps/{{ .Values.layer }}/{{ .Chart.Name }}/dist/main.js
{{- end -}}
{{- end }}

{{/* The same for a serving and for a migrating pod; to migrate takes the role that makes tables and no broker. */}}
{{- define "service.env" -}}
{{- $root := .root -}}
{{- $g := .root.Values.global -}}
{{- $services := .root.Values.services | default (list .root.Chart.Name) -}}
{{- $grouped := include "service.grouped" .root -}}
{{- /* Who hears whom, from the contracts: what they miss is sent again by itself. */}}
{{- $heardBy := (.root.Files.Get "files/contracts.json" | fromJson).heardBy -}}
- {name: QUANSO_PROFILE, value: {{ $g.profile | quote }}}
- {name: OIDC_ISSUER, value: {{ $g.oidc.issuer | quote }}}
- {name: OIDC_AUDIENCE, value: {{ $g.oidc.audience | quote }}}
{{- if $g.oidc.jwksUrl }}
- {name: OIDC_JWKS_URL, value: {{ $g.oidc.jwksUrl | quote }}}
{{- end }}
- {name: QUANSO_KEYS, value: /secrets/keys/keys.json}
- {name: QUANSO_PACK, value: {{ ternary "/authority" (printf "/app/deploy/authorities/%s" $g.authority) (not (empty $g.pack)) | quote }}}
{{- if $grouped }}
- {name: SERVICES, value: {{ join "," $services | quote }}}
{{- end }}
{{- range $service := $services }}
{{- $before := ternary (printf "%s_" ($service | upper | replace "-" "_")) "" (not (empty $grouped)) }}
- name: {{ $before }}DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ $g.secrets.database | replace "{service}" $service }}, key: url}}
{{- if $.migrate }}
- name: {{ $before }}MIGRATOR_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ $g.secrets.migrator | replace "{service}" $service }}, key: url}}
{{- else }}
{{- with index $heardBy $service }}
- {name: {{ $before }}QUANSO_HEARD_BY, value: {{ join "," . | quote }}}
{{- end }}
- {name: {{ $before }}QUANSO_KAFKA_SASL_USERNAME, value: {{ $service | quote }}}
- name: {{ $before }}QUANSO_KAFKA_SASL_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $g.secrets.kafka | replace "{service}" $service }}, key: password}}
{{- end }}
{{- end }}
- {name: PORT, value: "8080"}
{{- if not .migrate }}
- {name: HOST, value: 0.0.0.0}
- {name: QUANSO_KAFKA_BROKERS, value: {{ $g.kafka.brokers | quote }}}
{{- if $g.kafka.privateCa }}
- {name: QUANSO_KAFKA_TLS_CA, value: /secrets/kafka-ca/ca.crt}
{{- end }}
- {name: NODE_OPTIONS, value: {{ printf "--max-old-space-size=%d" (int .root.Values.heapMiB) | quote }}}
- {name: OTEL_TRACES_EXPORTER, value: {{ $g.telemetry.exporter | quote }}}
{{- if eq $g.telemetry.exporter "otlp" }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $g.telemetry.endpoint | quote }}}
{{- else if eq $g.telemetry.exporter "zipkin" }}
- {name: OTEL_EXPORTER_ZIPKIN_ENDPOINT, value: {{ $g.telemetry.endpoint | quote }}}
{{- end }}
- {name: OTEL_METRICS_EXPORTER, value: {{ $g.telemetry.metrics | quote }}}
{{- if eq $g.telemetry.metrics "prometheus" }}
- {name: OTEL_EXPORTER_PROMETHEUS_HOST, value: 0.0.0.0}
- {name: OTEL_EXPORTER_PROMETHEUS_PORT, value: "9464"}
{{- else if eq $g.telemetry.metrics "otlp" }}
- {name: OTEL_METRIC_EXPORT_INTERVAL, value: "30000"}
{{- end }}
{{- /* Two pods of a service are two series. */}}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: OTEL_RESOURCE_ATTRIBUTES, value: service.instance.id=$(POD_NAME)}
{{- end }}
{{- range $name, $value := .root.Values.env }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{- define "service.mounts" -}}
- {name: keys, mountPath: /secrets/keys, readOnly: true}
{{- if and (not .migrate) .root.Values.global.kafka.privateCa }}
- {name: kafka-ca, mountPath: /secrets/kafka-ca, readOnly: true}
{{- end }}
{{- if .root.Values.global.pack }}
{{- /* A folder inside a mounted one cannot be made: its files one by one, its procedures together. */}}
{{- range $file := list "authority" "calendar" "code-lists" "staff" "units" }}
- {name: pack, mountPath: /authority/{{ $file }}.json, subPath: {{ $file }}.json, readOnly: true}
{{- end }}
- {name: pack-procedures, mountPath: /authority/procedures, readOnly: true}
{{- end }}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{/* The key file is refused when others may read it (0440: the group is the pod's own). */}}
{{- define "service.volumes" -}}
{{- $g := .root.Values.global -}}
- name: keys
  secret: {secretName: {{ $g.secrets.keys }}, defaultMode: 0440, items: [{key: keys.json, path: keys.json}]}
{{- if and (not .migrate) $g.kafka.privateCa }}
- name: kafka-ca
  secret: {secretName: {{ $g.secrets.kafkaCa }}, defaultMode: 0440, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- with $g.pack }}
- {name: pack, configMap: {name: {{ . }}}}
- {name: pack-procedures, configMap: {name: {{ . }}-procedures}}
{{- end }}
- {name: tmp, emptyDir: {sizeLimit: 16Mi}}
{{- end }}

{{- define "service.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - {name: {{ . }}}
{{- end }}
{{- end }}
{{- end }}

{{- define "service.placement" -}}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
tolerations:
  # Without these two, pods of a lost node are waited for five minutes.
  {{- range $taint := list "not-ready" "unreachable" }}
  - {key: node.kubernetes.io/{{ $taint }}, operator: Exists, effect: NoExecute, tolerationSeconds: {{ int $.Values.nodeLossSeconds }}}
  {{- end }}
  {{- range .Values.tolerations }}
  - {{ toJson . }}
  {{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
