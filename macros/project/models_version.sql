{#
    What models, seeds and settings this run builds with, as one text (orchestration/transformation/project.py).

    Example: comment on table marts.fct_deals is '{{ '{{' }} models_version() {{ '}}' }}'
#}
{% macro models_version() -%}
    {{ return(run_query('select models_version from raw_closedloop.run_settings').columns[0].values()[0]) }}
{%- endmacro %}
