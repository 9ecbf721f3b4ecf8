{#
    The first day of the month in which a UTC time falls, in a time zone.

    Example: local_month('converted_at', 'reporting_time_zone')
#}
{% macro local_month(time, time_zone) -%}
    cast(date_trunc('month', {{ local_date(time, time_zone) }}) as date)
{%- endmacro %}
