{#
    When something happened, by the run's clock: a closing or a refund that is known by its day alone counts at that day's
    last second, or at the clock on that day itself.

    Example: day_alone('deals.closed_at', 'deals.is_closed_at_day_alone', 'run_settings.as_of')
#}
{% macro day_alone(occurred_at, is_day_alone, as_of) -%}
    case
        when
            {{ is_day_alone }}
            and {{ occurred_at }} > {{ as_of }}
            and {{ occurred_at }} - interval '86399 seconds' <= {{ as_of }}
        then {{ as_of }}
        else {{ occurred_at }}
    end
{%- endmacro %}
