{#
  A table on DuckDB that carries on with the rows of its last build where it may (carries_on.sql). Each row is stamped with
  a hash of what it was made of (`stamp` in the model's meta): rows whose stamp is not among those of `stamps_of`, a model,
  are deleted, and the model selects those that are missing. So a run that was killed between the two only leaves more of
  them missing. What made the table stands in its comment.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- do drop_other_kind(target) -%}
    {%- do run_hooks(pre_hooks) -%}
    {%- call statement('main') -%}
        {% if carries_on() %}
        {%- set stamp = config.get('meta').stamp %}
        delete from {{ target }} where {{ stamp }} not in (select {{ stamp }} from {{ ref(config.get('meta').stamps_of) }});
        insert into {{ target }} by name ({{ sql }})
        {% else %}
        create or replace table {{ target }} as ({{ sql }});
        comment on table {{ target }} is '{{ models_version() }}'
        {% endif %}
    {%- endcall -%}
    {%- do run_hooks(post_hooks) -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
