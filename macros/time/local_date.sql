{#
    The day of a UTC timestamp in a time zone.
    Only from UTC to local, which every engine answers the same; the other way is done in ingestion.

    Example: local_date('closed_at', 'reporting_time_zone')
#}
{% macro local_date(utc, time_zone) -%}
    {{ return(adapter.dispatch('local_date')(utc, time_zone)) }}
{%- endmacro %}

{% macro default__local_date(utc, time_zone) -%}
    cast(timezone({{ time_zone }}, timezone('UTC', {{ utc }})) as date)
{%- endmacro %}

{% macro spark__local_date(utc, time_zone) -%}
    cast(from_utc_timestamp({{ utc }}, {{ time_zone }}) as date)
{%- endmacro %}
