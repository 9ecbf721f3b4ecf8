{#
    Whether a moment lies in the time in which a browser was one person's (int_web_spans): after `starts_after`, until and
    with `ends_at`, in whole seconds, since what identifies somebody may be written in the same second as their visit.

    Example: in_span('sessions.started_at', 'spans')
#}
{% macro in_span(moment, spans) -%}
    ({{ spans }}.starts_after is null or date_trunc('second', {{ moment }}) > {{ spans }}.starts_after)
    and ({{ spans }}.ends_at is null or date_trunc('second', {{ moment }}) <= {{ spans }}.ends_at)
{%- endmacro %}
